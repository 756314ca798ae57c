/// One name of a path as git stores it, any bytes but zero, and as it is shown.
///
/// Names that a person couldn't read as what they are, or that mean something else to a file system, are never taken
/// for a file's: they are shown with escapes in place of such bytes, and with what is wrong with them.
package struct PathName: Hashable, Sendable {
  /// The name; where it has a fault, with `\n`, `\\` or three octal digits in place of bytes that can't be shown.
  ///
  /// No name without fault holds a backslash, so no two names are shown alike.
  package let text: String
  /// What is wrong with the name, behind a path; `nil` for most.
  package let fault: String?

  package init(_ bytes: some Collection<UInt8>) {
    let fault = Self.fault(of: bytes)
    self.fault = fault
    text = fault == nil ? String(decoding: bytes, as: UTF8.self) : Self.escaped(bytes)
  }

  /// A whole path, or what a link leads to, with the same escapes between its slashes.
  package static func shown(path: some Collection<UInt8>) -> String {
    path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { PathName($0).text }
      .joined(separator: "/")
  }

  private static func fault(of bytes: some Collection<UInt8>) -> String? {
    var hasHighBytes = false
    for byte in bytes {
      switch byte {
      case 0..<0x20, 0x7f: return "has a name with a line break or another control character"
      case UInt8(ascii: "\\"): return "has a name with a backslash"
      case UInt8(ascii: "/"): return "has a name with a slash inside"
      case 0x80...: hasHighBytes = true
      default: break
      }
    }
    if hasHighBytes, let fault = faultBeyondASCII(bytes) { return fault }
    guard bytes.count < 5 else { return nil }
    if bytes.isEmpty { return "has an empty name" }
    if bytes.elementsEqual(".".utf8) || bytes.elementsEqual("..".utf8) { return "leads out of its folder" }
    // `| 0x20` makes letters small; file systems that don't tell them apart take `.GIT` for git's own folder.
    return bytes.map { $0 | 0x20 }.elementsEqual(".git".utf8) ? "has the name of git's own folder" : nil
  }

  private static func faultBeyondASCII(_ bytes: some Collection<UInt8>) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return "has a name that is not UTF-8" }
    let isDeceptive = text.unicodeScalars.contains { scalar in
      switch scalar.value {
      // Control characters, line and paragraph separators, and marks that turn the direction of text around.
      case 0x80...0x9f, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff: true
      default: false
      }
    }
    return isDeceptive ? "has a name with characters that hide what it is" : nil
  }

  private static func escaped(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"): text += "\\n"
      case UInt8(ascii: "\t"): text += "\\t"
      case UInt8(ascii: "\r"): text += "\\r"
      case UInt8(ascii: "\\"): text += "\\\\"
      case 0x20..<0x7f where byte != UInt8(ascii: "/"): text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
      }
    }
    return text
  }
}
