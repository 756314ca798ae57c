/// A request's target, taken apart: the path's segments and the query's parameters, percent-decoded.
struct RequestTarget: Hashable, Sendable {
  /// A name and a value of the query.
  struct Parameter: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// `/` is none; `/a/b` is two; `/a/` is `a` and an empty one.
  var segments: [String]
  var parameters: [Parameter]

  /// Reads `/path?query`, or the same behind `http://host` as proxies send it.
  ///
  /// `prefix`, the path of the external URL such as `/belfry`, is taken off where it stands in front.
  init(_ target: String, prefix: String = "") throws(APIError) {
    var path = target[...]
    if !path.hasPrefix("/") { path = try Self.withoutAuthority(path) }
    let query = path.firstIndex(of: "?").map { path[path.index(after: $0)...] } ?? ""
    path = path.prefix { $0 != "?" && $0 != "#" }
    if !prefix.isEmpty, path == prefix || path.hasPrefix(prefix + "/") { path = path.dropFirst(prefix.count) }
    segments = try Self.segments(of: path)
    parameters = try Self.parameters(in: query)
  }

  private static func withoutAuthority(_ target: Substring) throws(APIError) -> Substring {
    guard target.hasPrefix("http://") || target.hasPrefix("https://") else {
      throw .badRequest("the request's target '\(target)' is not a path; one begins with '/'")
    }
    return target.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" && $0 != "?" }
  }

  private static func segments(of path: Substring) throws(APIError) -> [String] {
    var segments: [String] = []
    for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let segment = percentDecoded(part, plusIsSpace: false) else {
        throw .badRequest("the path's '\(part)' is not percent-encoded UTF-8")
      }
      guard segment != ".", segment != ".." else {
        throw .badRequest("the path has '\(part)' in it; paths are taken as they are, so write the one that is meant")
      }
      guard !segment.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
        throw .badRequest("the path's '\(part)' has a control character")
      }
      segments.append(segment)
    }
    return segments == [""] ? [] : segments
  }

  private static func parameters(in query: Substring) throws(APIError) -> [Parameter] {
    var parameters: [Parameter] = []
    for pair in query.prefix(while: { $0 != "#" }).split(separator: "&") {
      let name = pair.prefix { $0 != "=" }
      let value = pair.dropFirst(name.count + 1)
      guard let name = percentDecoded(name, plusIsSpace: true), let value = percentDecoded(value, plusIsSpace: true)
      else { throw .badRequest("the query's '\(pair)' is not percent-encoded UTF-8") }
      parameters.append(Parameter(name: name, value: value))
    }
    return parameters
  }

  private static func percentDecoded(_ text: Substring, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard
          let high = rest.popFirst().flatMap(hexadecimalValue), let low = rest.popFirst().flatMap(hexadecimalValue)
        else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// The value of a hexadecimal digit of either case.
func hexadecimalValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
