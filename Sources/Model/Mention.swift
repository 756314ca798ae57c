/// Somebody whom a message names so that the other side calls them, as written in `mentions`.
///
/// `all`, a mobile number (`13800000000`, `+8613800000000`), a mail address, or an id of one kind of channel behind
/// its name: `feishu:ou_1a2b`, `dingtalk:manager7`, `wecom:zhangsan`, `slack:U024BE7LH`, `slack:S0614TZR7` for a group.
/// Whatever else is written is shown as it stands and calls nobody.
package enum Mention: Hashable, Sendable {
  case everyone
  /// With `+` and country code where they were written.
  case mobile(String)
  case email(String)
  /// `channel`: the kind of channel that the id belongs to.
  case id(channel: String, String)
  case text(String)

  /// `kinds`: the names of channel kinds that may stand before a colon.
  package init(_ text: String, kinds: some Sequence<String>) {
    if text == "all" || text == "@all" {
      self = .everyone
    } else if let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex {
      let (kind, id) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
      switch kind {
      case "mobile": self = Self.mobile(of: id).map(Self.mobile) ?? .text(text)
      case "email": self = Self.isAddress(id) ? .email(id) : .text(text)
      case _ where kinds.contains(kind): self = .id(channel: kind, id)
      default: self = .text(text)
      }
    } else if Self.isMobile(text) {
      self = .mobile(text)
    } else if Self.isAddress(text) {
      self = .email(text)
    } else {
      self = .text(text)
    }
  }

  private static func isMobile(_ text: String) -> Bool {
    let digits = text.utf8.first == UInt8(ascii: "+") ? text.utf8.dropFirst() : text.utf8[...]
    return (7...15).contains(digits.count) && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Without the blanks and hyphens that people put between digits.
  private static func mobile(of text: String) -> String? {
    let number = text.filter { $0 != " " && $0 != "-" }
    return isMobile(number) ? number : nil
  }

  /// Whether a mail program would take it for an address: what has blanks, brackets or no dot is shown as it is.
  private static func isAddress(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    let marks = Set("<>()[],:;\"\\".utf8)
    return parts.count == 2 && !parts[0].isEmpty
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && !marks.contains($0) }
      && parts[1].dropFirst().contains(UInt8(ascii: "."))
  }
}
