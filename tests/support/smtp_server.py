"""A real SMTP server for the suites: takes mail, tells what it took, and misbehaves on request.

It prints one JSON line when it listens, and one for each mail that it took, read by Python's own
mail parser. How it treats a mail is chosen by the receiver's name:

    refused@…      550 at RCPT
    busy@…         451 at RCPT the first time, then taken
    spam@…         554 after the content
    full@…         452 after the content
    hangup@…       the connection is cut at DATA, before any content
    lost@…         the content is taken (and told), and the connection cut before the answer
    slow@…         the answer to the content waits until the name is mended

A line on stdin is a name that is mended: it is treated like any other from then on. The end of
stdin ends the server.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

connections = 0
seen = set()
mended = set()
mending = asyncio.Condition()


def names(addresses):
    return {to.split("@")[0] for to in addresses} - mended


class Server(SMTP):
    def connection_made(self, transport):
        if self.session is None:
            global connections
            connections += 1
            self.number = connections
        super().connection_made(transport)

    async def smtp_DATA(self, arg):
        if "hangup" in names(self.envelope.rcpt_tos):
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if "refused" in names([address]):
            return "550 5.1.1 no such user here"
        if "busy" in names([address]) and address not in seen:
            seen.add(address)
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        how = names(envelope.rcpt_tos)
        if "spam" in how:
            return "554 5.7.1 looks like spam"
        if "full" in how:
            return "452 4.3.1 no room"
        tell(told(server, session, envelope))
        if "slow" in how:
            async with mending:
                await mending.wait_for(lambda: "slow" in mended)
        if "lost" in how:
            server.transport.abort()
        return "250 2.0.0 taken"


def told(server, session, envelope):
    raw = envelope.original_content
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    return {
        "connection": server.number,
        "tls": server.transport.get_extra_info("ssl_object") is not None,
        "user": session.auth_data.login.decode() if session.auth_data else None,
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "headers": [[name, str(value)] for name, value in message.items()],
        "defects": [str(defect) for part in message.walk() for defect in part.defects],
        "parts": [
            {
                "type": part.get_content_type(),
                "encoding": part["Content-Transfer-Encoding"],
                "content": part.get_content().replace("\r\n", "\n"),
            }
            for part in parts
        ],
        "ascii": all(byte < 128 for byte in raw),
    }


def tell(what):
    print(json.dumps(what), flush=True)


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False, auth_data=data if right else None)

    return check


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--tls", choices=["none", "starttls", "wrapped"], default="none")
    arguments.add_argument("--certificate")
    arguments.add_argument("--key")
    arguments.add_argument("--login", help="user:password, which is then required")
    options = arguments.parse_args()
    context = None
    if options.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    settings = {"hostname": "mail.example", "enable_SMTPUTF8": False, "timeout": 60}
    if options.tls == "starttls":
        settings.update(tls_context=context, require_starttls=True)
    if options.login:
        user, password = options.login.split(":", 1)
        settings.update(
            auth_required=True, authenticator=authenticator(user, password), auth_require_tls=options.tls == "starttls"
        )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(Handler(), loop=loop, **settings),
        "127.0.0.1",
        options.port,
        ssl=context if options.tls == "wrapped" else None,
    )
    tell({"port": server.sockets[0].getsockname()[1]})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        async with mending:
            mended.add(line.strip())
            mending.notify_all()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
