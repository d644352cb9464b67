//! How signatures of tokens are verified: by ring, which the product has for TLS anyway, under jsonwebtoken, which knows
//! what a token is. Only signatures that need no shared secret; nothing is ever signed here.

use jsonwebtoken::{
    Algorithm, DecodingKey,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature::{self, Verifier},
};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};

/// Every algorithm that is taken.
pub const TAKEN: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

static BY_RING: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(Error::from(ErrorKind::UnsupportedAlgorithm)),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Lets jsonwebtoken verify by ring. Once is enough; whoever was first has done the same.
pub fn install() {
    let _ = BY_RING.install_default();
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as its caller wants it")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    // A key is for algorithms of its kind only: that a public key is taken for a shared secret cannot happen.
    if algorithm.family() != key.family() || !TAKEN.contains(algorithm) {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(ByRing {
        algorithm: *algorithm,
        key: key.clone(),
    }))
}

struct ByRing {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for ByRing {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for ByRing {
    fn verify(&self, message: &[u8], seal: &Vec<u8>) -> Result<(), signature::Error> {
        let verified = match self.algorithm {
            Algorithm::RS256 => self.rsa(&RSA_PKCS1_2048_8192_SHA256, message, seal),
            Algorithm::RS384 => self.rsa(&RSA_PKCS1_2048_8192_SHA384, message, seal),
            Algorithm::RS512 => self.rsa(&RSA_PKCS1_2048_8192_SHA512, message, seal),
            Algorithm::PS256 => self.rsa(&RSA_PSS_2048_8192_SHA256, message, seal),
            Algorithm::PS384 => self.rsa(&RSA_PSS_2048_8192_SHA384, message, seal),
            Algorithm::PS512 => self.rsa(&RSA_PSS_2048_8192_SHA512, message, seal),
            Algorithm::ES256 => self.other(&ECDSA_P256_SHA256_FIXED, message, seal),
            Algorithm::ES384 => self.other(&ECDSA_P384_SHA384_FIXED, message, seal),
            Algorithm::EdDSA => self.other(&ED25519, message, seal),
            // Those of shared secrets, and whatever a later version knows.
            _ => None,
        };
        verified.ok_or_else(signature::Error::new)
    }
}

impl ByRing {
    fn rsa(&self, how: &'static RsaParameters, message: &[u8], seal: &[u8]) -> Option<()> {
        let jsonwebtoken::DecodingKeyKind::RsaModulusExponent { n, e } = self.key.kind() else {
            return None;
        };
        let key = RsaPublicKeyComponents { n, e };
        key.verify(how, message, seal).ok()
    }

    fn other(
        &self,
        how: &'static dyn VerificationAlgorithm,
        message: &[u8],
        seal: &[u8],
    ) -> Option<()> {
        let key = UnparsedPublicKey::new(how, self.key.try_get_as_bytes().ok()?);
        key.verify(message, seal).ok()
    }
}
