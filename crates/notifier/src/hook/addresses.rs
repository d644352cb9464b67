//! Which addresses a hook may be called at. A hook's host is looked up by our own resolver, every
//! address it has is judged, and the connection goes to an address that was judged: a name that turns
//! into an inner address between the look and the call is never connected to.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;
use reqwest::dns::{Name, Resolve, Resolving};

/// Looks names up.
#[async_trait]
pub(super) trait Lookup: Send + Sync {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// As the machine does.
pub(super) struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0))
            .await?
            .map(|found| found.ip())
            .collect())
    }
}

/// A resolver that finds public addresses only, or nothing. Asked anew for every call.
pub(super) struct PublicOnly(pub Arc<dyn Lookup>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup = Arc::clone(&self.0);
        Box::pin(async move {
            let found = lookup.addresses(name.as_str()).await?;
            // One inner address among public ones is no accident.
            if let Some(inner) = found.iter().find(|address| !is_public_address(**address)) {
                let refused = format!(
                    "{} leads to {inner}, which is not a public address",
                    name.as_str()
                );
                return Err(refused.into());
            }
            let sockets: Vec<SocketAddr> = found
                .into_iter()
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            Ok(Box::new(sockets.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

/// Whether this address is somewhere on the public Internet: not this machine, not this network, not
/// one that stands for another address.
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

#[expect(clippy::unnested_or_patterns, reason = "each line has its own meaning")]
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)            // this network, private, loopback
            | (100, 64..=127, _)        // carrier-grade NAT
            | (169, 254, _)             // link-local, where clouds keep their metadata
            | (172, 16..=31, _)         // private
            | (192, 168, _)             // private
            | (192, 0, 0 | 2)           // protocol assignments, documentation
            | (192, 88, 99)             // 6to4 relays
            | (198, 18 | 19, _)         // benchmarking
            | (198, 51, 100)            // documentation
            | (203, 0, 113)             // documentation
            | (224..=255, _, _) // multicast, reserved, broadcast
    );
    !special
}

#[expect(clippy::unnested_or_patterns, reason = "each line has its own meaning")]
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out; all else (loopback, link-local, unique local, multicast, NAT64) is inner.
    let given_out = a & 0xe000 == 0x2000;
    let special = matches!(
        (a, b),
        (0x2001, 0x0000..=0x01ff)       // Teredo, ORCHID, benchmarking
            | (0x2001, 0x0db8)          // documentation
            | (0x2002, _)               // 6to4 stands for an IPv4 address
            | (0x3fff, 0x0000..=0x0fff) // documentation
    );
    given_out && !special
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn inner_addresses_are_told_from_public_ones() {
        let inner = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 \
            169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 \
            198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 \
            :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 \
            64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 \
            fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 5f00::1 8000::1";
        for address in inner.split_whitespace() {
            assert!(!is_public_address(address.parse().unwrap()), "{address}");
        }
        let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.1.1.1 128.0.0.1 \
            169.253.1.1 172.15.1.1 172.32.0.1 192.0.1.1 192.167.1.1 192.169.1.1 198.17.1.1 198.20.1.1 223.255.255.1 \
            2001:200::1 2001:4860:4860::8888 2606:4700:4700::1111 2a00:1450::1 ::ffff:8.8.8.8 3fff:1000::1";
        for address in public.split_whitespace() {
            assert!(is_public_address(address.parse().unwrap()), "{address}");
        }
    }

    /// A name server that tells a public address first, and this machine's ever after.
    struct Rebinding(AtomicUsize);

    #[async_trait]
    impl Lookup for Rebinding {
        async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
            let public = "93.184.216.34".parse().unwrap();
            let inner = "127.0.0.1".parse().unwrap();
            Ok(match (host, self.0.fetch_add(1, Ordering::Relaxed)) {
                ("both.example", _) => vec![public, inner],
                (_, 0) => vec![public],
                _ => vec![inner],
            })
        }
    }

    #[tokio::test]
    async fn a_name_is_judged_at_every_call_and_by_all_its_addresses() {
        let resolver = PublicOnly(Arc::new(Rebinding(AtomicUsize::new(0))));
        let look = async |host: &str| {
            resolver
                .resolve(host.parse().unwrap())
                .await
                .map(Iterator::count)
        };
        assert_eq!(look("turns.example").await.unwrap(), 1);
        for _ in 0..3 {
            let error = look("turns.example").await.unwrap_err().to_string();
            assert!(error.contains("127.0.0.1"), "{error}");
        }
        assert!(look("both.example").await.is_err());
    }
}
