private import CRE2

/// Owns one `RE2` object.
///
/// `@unchecked Sendable`: a constructed RE2 object is immutable for its callers and safe to use from several threads
/// (re2.h, "thread safety"); this file is the only one that holds the pointer, and frees it once.
final class CompiledPattern: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ text: String) throws(PatternSyntaxError) {
    var text = text
    let made = text.withUTF8 { cre2_new($0.baseAddress, $0.count) }
    guard let made else { throw PatternSyntaxError(message: "no memory for the pattern") }
    if let message = cre2_error(made) {
      let words = String(cString: message)
      cre2_delete(made)
      throw PatternSyntaxError(message: words)
    }
    pointer = made
  }

  deinit {
    cre2_delete(pointer)
  }

  func matches(_ candidate: String) -> Bool {
    var candidate = candidate
    return candidate.withUTF8 { cre2_match(pointer, $0.baseAddress, $0.count) }
  }

  func replacingAll(in candidate: String, with replacement: String) -> String {
    var candidate = candidate
    var replacement = replacement
    return candidate.withUTF8 { text in
      replacement.withUTF8 { template in
        var length = 0
        let bytes = cre2_replace_all(
          pointer, text.baseAddress, text.count, template.baseAddress, template.count, &length)
        guard let bytes else { return "" }
        defer { cre2_free(bytes) }
        return bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
          String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
        }
      }
    }
  }
}
