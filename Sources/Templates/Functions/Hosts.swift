/// `stripPort`: the host of `host:port`, or the text itself.
func strippingPort(_ text: String) -> String {
  hostAndPort(text)?.host ?? text
}

/// `stripDomain`: the first component of the host, with the port where there is one; addresses stay as they are.
func strippingDomain(_ text: String) -> String {
  let parts = hostAndPort(text)
  let host = parts?.host ?? text
  guard !isAddress(host) else { return text }
  let first = String(host.prefix { $0 != "." })
  guard let port = parts?.port, !port.isEmpty else { return first }
  return first.utf8.contains(UInt8(ascii: ":")) ? "[" + first + "]:" + port : first + ":" + port
}

/// Host and port as Go's `net.SplitHostPort` tells them apart; `nil` when there is no port or too many colons.
private func hostAndPort(_ text: String) -> (host: String, port: String)? {
  let bytes = text.utf8
  guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return nil }
  let port = text[text.index(after: colon)...]
  var host = text[..<colon]
  if host.utf8.first == UInt8(ascii: "[") {
    guard host.utf8.last == UInt8(ascii: "]") else { return nil }
    host = host.dropFirst().dropLast()
  } else if host.utf8.contains(UInt8(ascii: ":")) {
    return nil
  }
  let brackets = [UInt8(ascii: "["), UInt8(ascii: "]")]
  guard !host.utf8.contains(where: brackets.contains), !port.utf8.contains(where: brackets.contains) else { return nil }
  return (String(host), String(port))
}

/// Whether a text is an IPv4 or IPv6 address.
private func isAddress(_ text: String) -> Bool {
  text.utf8.contains(UInt8(ascii: ":")) ? isIPv6(text) : isIPv4(text)
}

private func isIPv4(_ text: some StringProtocol) -> Bool {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  return parts.count == 4
    && parts.allSatisfy { part in
      let isDecimal = (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(\.isASCIIDigit)
      let hasNoZeroInFront = part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0")
      return isDecimal && hasNoZeroInFront && (Int(part) ?? 256) < 256
    }
}

private func isIPv6(_ text: String) -> Bool {
  var groups = 0
  var hasGap = false
  var rest = text[...]
  if rest.hasPrefix("::") {
    hasGap = true
    rest = rest.dropFirst(2)
  }
  while !rest.isEmpty {
    if rest.utf8.contains(UInt8(ascii: ".")), isIPv4(rest) {
      groups += 2
      break
    }
    let group = rest.prefix { $0 != ":" }
    guard (1...4).contains(group.utf8.count), UInt16(group, radix: 16) != nil, group.first != "+" else { return false }
    groups += 1
    rest = rest.dropFirst(group.count)
    guard !rest.isEmpty else { break }
    rest = rest.dropFirst()
    if rest.first == ":" {
      guard !hasGap else { return false }
      hasGap = true
      rest = rest.dropFirst()
    } else if rest.isEmpty {
      return false
    }
  }
  return hasGap ? groups < 8 : groups == 8
}

/// The text for use in a URL's query; `urlQueryEscape`: Go's `url.QueryEscape`, a space becoming `+`.
package func queryEscaped(_ text: String) -> String {
  var escaped = ""
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "~"):
      escaped.unicodeScalars.append(Unicode.Scalar(byte))
    case UInt8(ascii: " "): escaped += "+"
    default:
      escaped += byte < 16 ? "%0" : "%"
      escaped += String(byte, radix: 16, uppercase: true)
    }
  }
  return escaped
}

/// `pathPrefix`: the path of a URL without the slash at its end.
func urlPath(of url: String) -> String {
  let plain = url.prefix { $0 != "?" && $0 != "#" }
  var slashes = 0
  guard
    let start = plain.firstIndex(where: { character in
      if character == "/" { slashes += 1 }
      return slashes == 3
    })
  else { return "" }
  let path = plain[start...]
  return String(path.hasSuffix("/") ? path.dropLast() : path)
}
