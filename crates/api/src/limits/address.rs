//! Where a request comes from: its peer, or what a trusted proxy says of it. Not for limits.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address that a request is counted for. Of what stands in `X-Forwarded-For` only the part that trusted
/// proxies have written is believed: read from its end, up to the first address that is none of theirs.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if is_trusted(&client) {
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .map(|line| line.to_str().unwrap_or("?"))
            .collect();
        let told = lines.iter().rev().flat_map(|line| line.rsplit(','));
        for address in told.map_while(|text| text.trim().parse::<IpAddr>().ok()) {
            client = address.to_canonical();
            if !is_trusted(&client) {
                break;
            }
        }
    }
    household(client)
}

/// Whoever has one IPv6 address has its whole network of 64 bits.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().expect("a header value"));
        }
        let trusted: Vec<IpNet> = trusted
            .iter()
            .map(|network| network.parse().expect("a network"))
            .collect();
        client(peer.parse().expect("an address"), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(of("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(of("192.0.2.1", &["198.51.100.7"], &proxies), "192.0.2.1");
        assert_eq!(of("10.0.0.1", &["198.51.100.7"], &proxies), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &[], &proxies), "10.0.0.1");
    }

    #[test]
    fn what_a_client_writes_before_the_proxies_is_not_believed() {
        let proxies = ["10.0.0.0/8"];
        let forged = ["203.0.113.9, 198.51.100.7, 10.0.0.2"];
        assert_eq!(of("10.0.0.1", &forged, &proxies), "198.51.100.7");
        let lines = ["203.0.113.9", "198.51.100.7"];
        assert_eq!(of("10.0.0.1", &lines, &proxies), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &["198.51.100.7, x"], &proxies), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["x, 10.0.0.2"], &proxies), "10.0.0.2");
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        assert_eq!(of("2001:db8:1:2:3:4:5:6", &[], &[]), "2001:db8:1:2::");
        assert_eq!(of("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
    }
}
