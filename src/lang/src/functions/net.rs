//! Functions on IP networks in CIDR notation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mesh_value::Value;

use super::function::{Answer, Function, Parameter, Refusal, Shape, whole};
use super::numeric::{integer, number};
use super::text::{strings, text};

const PREFIX: Parameter = whole("prefix", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::pure(
        "cidrhost",
        "The address of a host in a network, by its number; negative from the end.",
        &[PREFIX, whole("hostnum", Shape::Number)],
        Shape::String,
        cidrhost,
    )
    .example(r#"cidrhost("10.12.112.0/20", 16)"#, r#""10.12.112.16""#),
    Function::pure("cidrnetmask", "The netmask of an IPv4 network.", &[PREFIX], Shape::String, cidrnetmask)
        .example(r#"cidrnetmask("172.16.0.0/12")"#, r#""255.240.0.0""#),
    Function::pure(
        "cidrsubnet",
        "A network inside another, longer by so many bits, by its number.",
        &[PREFIX, whole("newbits", Shape::Number), whole("netnum", Shape::Number)],
        Shape::String,
        cidrsubnet,
    )
    .example(r#"cidrsubnet("172.16.0.0/12", 4, 2)"#, r#""172.18.0.0/16""#),
    Function::pure(
        "cidrsubnets",
        "Networks inside another, one after the other, each longer by so many bits.",
        &[PREFIX],
        Shape::List(&Shape::String),
        cidrsubnets,
    )
    .example(r#"cidrsubnets("10.1.0.0/16", 4, 4, 8)"#, r#"["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24"]"#)
    .variadic(whole("newbits", Shape::Number)),
    Function::pure(
        "cidrcontains",
        "Whether a network contains an address or all of another network.",
        &[whole("containing_prefix", Shape::String), whole("contained_ip_or_prefix", Shape::String)],
        Shape::Bool,
        cidrcontains,
    )
    .example(r#"cidrcontains("10.0.0.0/8", "10.1.0.0/16")"#, "true"),
];

/// A network: its first address, the length of its prefix, and how many bits an address has.
#[derive(Clone, Copy)]
struct Network {
    first: u128,
    length: u32,
    bits: u32,
}

impl Network {
    fn of(arguments: &[Value]) -> Result<Self, Refusal> {
        Self::at(arguments, 0)
    }

    fn at(arguments: &[Value], index: usize) -> Result<Self, Refusal> {
        let written = text(arguments, index)?;
        let refuse = || {
            let refusal = Refusal::of(index, format!("{written:?} is no network in CIDR notation"));
            refusal.hint("Write it as \"10.0.0.0/8\" or \"fd00::/8\".")
        };
        let (address, length) = written.split_once('/').ok_or_else(refuse)?;
        let (address, bits) = match address_of(address).ok_or_else(refuse)? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let digits = Some(length).filter(|length| length.bytes().all(|byte| byte.is_ascii_digit()));
        let length = digits.and_then(|length| length.parse().ok()).filter(|length| *length <= bits);
        let length = length.ok_or_else(refuse)?;
        Ok(Self { first: address & !host_mask(bits - length), length, bits })
    }

    /// The text of an address of this network.
    fn address(self, address: u128) -> String {
        match u32::try_from(address) {
            Ok(small) if self.bits == 32 => Ipv4Addr::from(small).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        }
    }

    /// The network inside this one that is longer by so many bits, from its number.
    fn subnet(self, newbits: u32, number: u128) -> Option<Self> {
        let length = self.length.checked_add(newbits).filter(|length| *length <= self.bits)?;
        if newbits < 128 && number >> newbits != 0 {
            return None;
        }
        let offset = number.checked_shl(self.bits - length).unwrap_or(0);
        Some(Self { first: self.first | offset, length, bits: self.bits })
    }

    fn written(self) -> String {
        format!("{}/{}", self.address(self.first), self.length)
    }
}

/// An address; the numbers of an IPv4 address may start with zeros, and are decimal all the same.
fn address_of(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse().ok();
    }
    let plain = |part: &str| match part.trim_start_matches('0') {
        "" if !part.is_empty() => "0".to_owned(),
        digits => digits.to_owned(),
    };
    text.split('.').map(plain).collect::<Vec<_>>().join(".").parse().ok()
}

/// So many ones at the end.
fn host_mask(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |next| next - 1)
}

/// The argument at an index, a number of bits.
fn newbits(arguments: &[Value], index: usize, network: Network) -> Result<u32, Refusal> {
    let given = integer(arguments, index)?;
    let most = network.bits - network.length;
    u32::try_from(given).ok().filter(|bits| *bits <= most).ok_or_else(|| {
        let detail = format!(
            "{given} is no number of bits by which {} can be made longer, which are up to {most}",
            network.written()
        );
        Refusal::of(index, detail)
    })
}

fn cidrhost(arguments: &[Value]) -> Answer {
    let network = Network::of(arguments)?;
    let mask = host_mask(network.bits - network.length);
    let wanted = number(arguments, 1)?;
    let outside = || {
        let detail = format!("{} has no host {wanted}: its hosts are 0 to {mask}", network.written());
        Refusal::of(1, detail)
    };
    let magnitude: u128 = wanted.abs().to_string().parse().map_err(|_| outside())?;
    let host = if wanted.is_negative() {
        // -1 is the last address.
        mask.checked_sub(magnitude - 1).ok_or_else(outside)?
    } else if magnitude > mask {
        return Err(outside());
    } else {
        magnitude
    };
    Ok(Value::string(network.address(network.first | host)))
}

fn cidrcontains(arguments: &[Value]) -> Answer {
    let outer = Network::at(arguments, 0)?;
    let inner = match address_of(text(arguments, 1)?) {
        Some(IpAddr::V4(address)) => Network { first: u32::from(address).into(), length: 32, bits: 32 },
        Some(IpAddr::V6(address)) => Network { first: address.into(), length: 128, bits: 128 },
        None => Network::at(arguments, 1)?,
    };
    if outer.bits != inner.bits {
        return Err(Refusal::of(1, "an IPv4 and an IPv6 network have nothing to do with each other"));
    }
    let starts_alike = inner.first & !host_mask(outer.bits - outer.length) == outer.first;
    Ok(Value::bool(inner.length >= outer.length && starts_alike))
}

fn cidrnetmask(arguments: &[Value]) -> Answer {
    let network = Network::of(arguments)?;
    if network.bits != 32 {
        return Err(Refusal::of(0, "IPv6 networks have no netmask"));
    }
    let mask = !host_mask(32 - network.length) & host_mask(32);
    Ok(Value::string(network.address(mask)))
}

fn cidrsubnet(arguments: &[Value]) -> Answer {
    let network = Network::of(arguments)?;
    let bits = newbits(arguments, 1, network)?;
    let wanted = number(arguments, 2)?;
    let subnet = wanted.to_string().parse().ok().and_then(|number| network.subnet(bits, number));
    subnet.map(|subnet| Value::string(subnet.written())).ok_or_else(|| {
        Refusal::of(2, format!("with {bits} more bits there are networks 0 to {}, not {wanted}", host_mask(bits)))
    })
}

fn cidrsubnets(arguments: &[Value]) -> Answer {
    let network = Network::of(arguments)?;
    let mut next = network.first;
    let mut subnets = Vec::with_capacity(arguments.len());
    let last = network.first | host_mask(network.bits - network.length);
    for index in 1..arguments.len() {
        let bits = newbits(arguments, index, network)?;
        if !(1..=32).contains(&bits) {
            let detail = format!("{bits} is no number of bits to make a network longer by; those are 1 to 32");
            return Err(Refusal::of(index, detail));
        }
        let length = network.length + bits;
        let hosts = host_mask(network.bits - length);
        // The next address that such a network can start at.
        let start = next.checked_add(hosts).map(|end| end & !hosts).filter(|start| *start <= last);
        let full = || Refusal::of(index, format!("{} has no room left for this network", network.written()));
        let subnet = Network { first: start.ok_or_else(full)?, length, ..network };
        subnets.push(subnet.written());
        match (subnet.first | hosts).checked_add(1) {
            Some(after) => next = after,
            None if index + 1 < arguments.len() => return Err(full()),
            None => {}
        }
    }
    Ok(strings(subnets))
}
