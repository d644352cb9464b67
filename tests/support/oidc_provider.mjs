// A real OpenID provider for the suites, on this machine only: anybody may sign in there under any name, and what it says
// of their address is in the name. It prints one JSON line when it listens, and ends with its standard input.
//
//     node oidc_provider.mjs MODULE PORT REDIRECT AUDIENCE
//
// Each start makes a new key: a provider that is started again on its port has changed its keys. `GET /mint?sub=NAME` answers
// an access token for the audience, as an API client would have got it.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [module, port, redirect, audience] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${module}/lib/index.js`));

const server = createServer();
await new Promise((listening) => server.listen(Number(port), "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
const api = { scope: "api", audience, accessTokenFormat: "jwt", accessTokenTTL: 600, jwt: { sign: { alg: "RS256" } } };

// `rita`, `rita@example.com` and `unverified.rita@example.com` are all names that somebody may sign in with.
const account = (sub) => ({
  accountId: sub,
  claims: () => ({
    sub,
    email: `${sub.split("@")[0].split(".").pop()}@example.com`,
    email_verified: !sub.startsWith("unverified."),
  }),
});

const provider = new Provider(issuer, {
  clients: [{
    client_id: "countersign",
    client_secret: "a secret: with+signs & spaces",
    redirect_uris: [redirect],
    response_types: ["code"],
    grant_types: ["authorization_code"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  cookies: { keys: [randomUUID()] },
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: { enabled: true, getResourceServerInfo: () => api },
  },
  findAccount: (_, sub) => account(sub),
  jwks: { keys: [key] },
  pkce: { required: () => true },
});
// Its pages load a font from elsewhere, for which a browser without the Internet would wait.
provider.use(async (ctx, next) => {
  await next();
  if (typeof ctx.body === "string") ctx.body = ctx.body.replace(/@import url\([^)]*\);/, "");
});
provider.use(async (ctx, next) => {
  if (ctx.path !== "/mint") return next();
  const client = await provider.Client.find("countersign");
  const token = new provider.AccessToken({ accountId: String(ctx.query.sub), client, scope: "api" });
  token.resourceServer = new provider.ResourceServer(audience, api);
  ctx.body = await token.save();
});
server.on("request", provider.callback());

process.stdin.on("end", () => process.exit(0)).resume();
console.log(JSON.stringify({ issuer }));
// Whoever has started it reads no more than that line.
console.info = console.warn = () => {};
process.stdout.on("error", () => {});
