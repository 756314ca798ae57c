import Glibc

/// An IPv4 or IPv6 address. An IPv6 address that stands for an IPv4 one is that one.
struct IPAddress: Hashable, CustomStringConvertible {
  /// The kinds of address that matter to whom a request may go.
  enum Range: Hashable {
    case everywhere
    case loopback
    case `private`
    case linkLocal
    /// Where a cloud tells a machine its identity and credentials.
    case metadata
    /// "This host", and addresses of many hosts at once.
    case nobody
  }

  /// 4 or 16 of them, most significant first.
  let bytes: [UInt8]

  /// `nil` unless there are 4 or 16 bytes.
  init?(_ bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    switch bytes.count {
    case 4: self.bytes = bytes
    case 16: self.bytes = Self.ipv4(in: bytes) ?? bytes
    default: return nil
    }
  }

  /// An address as it stands in a URL, brackets left aside, also in the forms of old such as `0x7f.1`.
  init?(_ text: String) {
    var ipv4 = in_addr()
    var ipv6 = in6_addr()
    let text = String(text.drop { $0 == "[" }.prefix { $0 != "]" && $0 != "%" })
    if inet_aton(text, &ipv4) != 0 {
      self.init(withUnsafeBytes(of: ipv4) { Array($0) })
    } else if inet_pton(AF_INET6, text, &ipv6) == 1 {
      self.init(withUnsafeBytes(of: ipv6) { Array($0) })
    } else {
      return nil
    }
  }

  var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  var range: Range {
    bytes.count == 4 ? Self.rangeOfIPv4(bytes) : Self.rangeOfIPv6(bytes)
  }

  private static func rangeOfIPv4(_ bytes: [UInt8]) -> Range {
    switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
    // AWS, Azure, Google and most others; Azure's wire server; Alibaba; Oracle.
    case (169, 254, 169, 254), (168, 63, 129, 16), (100, 100, 100, 200), (192, 0, 0, 192): .metadata
    case (0, _, _, _), (224...239, _, _, _), (255, 255, 255, 255): .nobody
    case (127, _, _, _): .loopback
    case (169, 254, _, _): .linkLocal
    case (10, _, _, _), (172, 16...31, _, _), (192, 168, _, _), (100, 64...127, _, _): .private
    default: .everywhere
    }
  }

  private static func rangeOfIPv6(_ bytes: [UInt8]) -> Range {
    if metadataIPv6.contains(bytes) { return .metadata }
    switch (bytes[0], bytes[1]) {
    case (0xff, _): return .nobody
    case (0xfe, 0x80...0xbf): return .linkLocal
    case (0xfc, _), (0xfd, _): return .private
    case (0xfe, 0xc0...0xff): return .private
    default: break
    }
    guard bytes.dropLast().allSatisfy({ $0 == 0 }) else { return .everywhere }
    switch bytes[15] {
    case 0: return .nobody
    case 1: return .loopback
    default: return .everywhere
    }
  }

  /// `fd00:ec2::254` of AWS and `fd20:ce::254` of Google.
  private static let metadataIPv6: [[UInt8]] = [
    [0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
    [0xfd, 0x20, 0x00, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54],
  ]

  /// The IPv4 address in a mapped (`::ffff:0:0/96`), compatible (`::/96`), translated (`64:ff9b::/96`) or 6to4
  /// (`2002::/16`) one: a packet to it ends up there.
  private static func ipv4(in bytes: [UInt8]) -> [UInt8]? {
    if bytes[0] == 0x20, bytes[1] == 0x02 { return Array(bytes[2..<6]) }
    let last = Array(bytes[12...])
    switch Array(bytes[..<12]) {
    case [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]: return last
    case [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]: return last
    // `::` and `::1` are themselves; so is the rest of `::/120`, which was never given out.
    case [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] where last[..<3] != [0, 0, 0]: return last
    default: return nil
    }
  }
}
