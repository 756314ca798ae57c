import Crypto
import Model

/// The id of a silence in Alertmanager's API, where ids are UUIDs: the same for the same silence, always.
///
/// Made from the silence's own id by SHA-256, in the layout of RFC 9562 §5.8 (version 8).
package struct SilenceUUID: Hashable, Sendable {
  /// In lower case, with hyphens.
  package let text: String

  /// The UUID of the silence whose id is `id`, as ``SilenceView`` gives it.
  package init(of id: String) {
    var bytes = Array(SHA256.hash(data: Array(id.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      let digits = String(byte, radix: 16)
      text += digits.utf8.count == 1 ? "0" + digits : digits
    }
    self.text = text
  }

  /// Reads a UUID of any version and case; `nil` for other text.
  package init?(_ text: String) {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
      groups.allSatisfy({ $0.utf8.allSatisfy { hexadecimalValue($0) != nil } })
    else { return nil }
    self.text = text.lowercased()
  }
}

extension Scope {
  /// The scope in a silence's id as ``SilenceView`` gives it: what stands before its first blank.
  init?(ofSilence id: String) {
    let words = id.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return nil }
    let parts = words[0].split(separator: "/").map(String.init)
    switch parts.count {
    case 1: self = parts[0] == "platform" ? .platform : .tenant(parts[0])
    case 2: self = .project(tenant: parts[0], project: parts[1])
    default: return nil
    }
  }
}
