import NIOCore

/// Where a connection comes from, as far as addresses are one client's: all of IPv4, and the network half of IPv6,
/// since one client has all of it.
enum RemoteAddress: Hashable, Sendable {
  case v4(UInt32)
  case v6(UInt64)
  /// A socket without an address, or none at all.
  case unknown

  init(_ address: SocketAddress?) {
    guard let address else {
      self = .unknown
      return
    }
    let bytes = address.withSockAddr { pointer, size in Array(UnsafeRawBufferPointer(start: pointer, count: size)) }
    switch address {
    // A port's two bytes stand behind the family's; of IPv6 the flow's four too.
    case .v4 where bytes.count >= 8: self = .v4(bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) })
    case .v6 where bytes.count >= 24:
      let bytes = Array(bytes[8..<24])
      // ::ffff:0:0/96 is IPv4 behind a socket for both.
      if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
        self = .v4(bytes[12...].reduce(0) { $0 << 8 | UInt32($1) })
      } else {
        self = .v6(bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) })
      }
    default: self = .unknown
    }
  }
}
