/// What has to be done so that exactly one comment carries a marker: a value, decided from the comments that there are.
package struct StickyComment: Hashable, Sendable {
  /// The comment that stays; `nil` where one must be created.
  package let kept: ForgeComment?
  /// Comments with the same marker by the same author, which two runs at once have left.
  package let surplus: [ForgeComment]
  /// Whether the one that stays says something else.
  package let needsUpdate: Bool

  /// Only comments whose first line is the marker and that `author` wrote are ours: anybody may quote a marker.
  package init(_ body: CommentBody, among comments: [ForgeComment], author: String) {
    let own = comments.filter { Self.isSame($0.author, author) && body.marker.marks($0.body) }.sorted { $0.id < $1.id }
    kept = own.first
    surplus = Array(own.dropFirst())
    needsUpdate = own.first.map { Self.plain($0.body) != Self.plain(body.text) } ?? false
  }

  /// Logins don't differ by case. GitHub names an app's account `name[bot]`.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    !one.isEmpty && one.lowercased() == other.lowercased()
  }

  /// Forges may change line breaks, and blanks at the end.
  private static func plain(_ body: String) -> String {
    let lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return lines.joined(separator: "\n").reversed().drop(while: \.isWhitespace).reversed().map(String.init).joined()
  }
}
