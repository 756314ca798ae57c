/// The name of a git object: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
package struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let hex: String

  package init?(_ hex: String) {
    guard hex.utf8.count == 40 || hex.utf8.count == 64 else { return nil }
    for byte in hex.utf8 {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
      else { return nil }
    }
    self.hex = hex
  }

  package var description: String { hex }

  /// The first eight digits, for people.
  package var short: String { String(hex.prefix(8)) }

  package static func < (left: Self, right: Self) -> Bool { left.hex < right.hex }
}

/// A commit as reached by a branch or tag: `main@sha1:<40 hex>` (Flux RFC-0005).
package struct Revision: Hashable, Sendable, CustomStringConvertible {
  /// The branch, tag or full ref that was followed; `nil` where a commit was named directly.
  package let ref: String?
  package let commit: ObjectID

  package init(ref: String?, commit: ObjectID) {
    self.ref = ref
    self.commit = commit
  }

  /// Reads ``description``.
  package init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard let last = parts.last, parts.count <= 2 else { return nil }
    let digest = last.split(separator: ":")
    guard digest.count == 2, digest[0] == "sha1" || digest[0] == "sha256", let commit = ObjectID(String(digest[1]))
    else { return nil }
    self.init(ref: parts.count == 2 ? String(parts[0]) : nil, commit: commit)
  }

  package var description: String {
    let algorithm = commit.hex.utf8.count == 40 ? "sha1" : "sha256"
    return (ref.map { $0 + "@" } ?? "") + algorithm + ":" + commit.hex
  }
}
