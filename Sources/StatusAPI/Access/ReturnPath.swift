/// The page that somebody is led back to after signing in: a path below the dashboard's own root, never another site.
package struct ReturnPath: Hashable, Sendable {
  /// Relative to the root: empty, or such as `alerts?tenant=shop`.
  package let text: String

  private static let limit = 2048

  /// `nil` for what a browser might take for another place: an absolute path, a scheme, a host, a way upwards.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.limit else { return nil }
    let path = text.prefix { $0 != "?" && $0 != "#" }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }), !path.contains(":"),
      path.isEmpty || !path.hasPrefix("/"), !path.contains("//"),
      !path.split(separator: "/").contains(where: { Self.leadsElsewhere($0) })
    else { return nil }
    self.text = text
  }

  /// `.` and `..`, percent-encoded ones too.
  private static func leadsElsewhere(_ segment: Substring) -> Bool {
    let plain = segment.lowercased().replacing("%2e", with: ".")
    return plain == "." || plain == ".."
  }
}
