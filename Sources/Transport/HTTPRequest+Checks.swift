import Model

extension HTTPRequest {
  /// Refuses what libcurl would send as it is and what would then mean something else to the other side.
  ///
  /// All on bytes: to Swift, CR LF is one character that equals neither of the two.
  func check() throws(TransportError) {
    try checkURL()
    guard !method.isEmpty, method.utf8.allSatisfy(isTokenByte) else {
      throw .unsendable("the method holds a byte that isn't allowed there; methods are words such as GET")
    }
    for (index, header) in headers.enumerated() { try check(header, at: index) }
    try options.check()
  }

  private func checkURL() throws(TransportError) {
    guard !url.utf8.contains(where: { isControlByte($0) || $0 == 0x20 }) else {
      throw .unsendable("the URL holds a space or a control byte; write it percent-encoded")
    }
    guard hasPrefix("http://") || hasPrefix("https://") else {
      throw .unsendable("the URL begins with neither 'http://' nor 'https://'; only these can be asked")
    }
    let authority = authority(of: url)
    if authority.utf8.contains(UInt8(ascii: "@")) {
      throw .unsendable("the URL holds user information before its host; give credentials in a header")
    }
    if authority.isEmpty { throw .unsendable("the URL names no host") }
    // What a proxy connects to can't be checked here, except where it is written down.
    if options.proxy != nil, let address = IPAddress(host(of: authority)),
      let reason = options.egress.refusal(of: address)
    {
      throw .refusedByPolicy(reason)
    }
  }

  private func hasPrefix(_ scheme: String) -> Bool {
    url.utf8.prefix(scheme.utf8.count).elementsEqual(scheme.utf8) { $0 == $1 || ($0 >= 0x41 && $0 | 0x20 == $1) }
  }

  private func check(_ header: Label, at index: Int) throws(TransportError) {
    guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenByte) else {
      throw .unsendable(
        "the name of header \(index + 1) holds a byte that isn't allowed there; names are letters, digits and '-'")
    }
    guard !header.value.utf8.contains(where: { isControlByte($0) && $0 != 0x09 }) else {
      throw .unsendable("the value of header '\(header.name)' holds a line break or another control byte")
    }
    switch header.name.utf8.count {
    case 14 where header.name.lowercased() == "content-length",
      17 where header.name.lowercased() == "transfer-encoding":
      throw .unsendable("header '\(header.name)' follows from the body; leave it out")
    default: break
    }
  }
}

extension ConnectionOptions {
  /// Refuses file names and proxies that C would read otherwise than they are written.
  func check() throws(TransportError) {
    for text in [caFile, clientCertificateFile, clientKeyFile, proxy] {
      guard let text, text.utf8.contains(where: isControlByte) else { continue }
      throw .unsendable("a file name or the proxy of the connection holds a control byte")
    }
  }
}

/// Host and port as they are written in `url`.
func authority(of url: String) -> String {
  let bytes = url.utf8
  var slashes = 0
  guard
    let start = bytes.firstIndex(where: { byte in
      if byte == UInt8(ascii: "/") { slashes += 1 }
      return slashes == 2
    })
  else { return "" }
  let rest = bytes[bytes.index(after: start)...]
  let ends: [UInt8] = [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")]
  return String(Substring(rest.prefix { !ends.contains($0) }))
}

/// The host in `authority`, in brackets if it is written so.
private func host(of authority: String) -> String {
  if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) }
  return String(authority.prefix { $0 != ":" })
}

/// Below space, or DEL.
func isControlByte(_ byte: UInt8) -> Bool {
  byte < 0x20 || byte == 0x7f
}

/// What RFC 9110 (5.6.2) allows in a method or a header's name.
private func isTokenByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
  case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"): true
  case UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"): true
  default: false
  }
}
