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

  /// How many groups there are, the whole match not counted.
  var groupCount: Int { Int(cre2_group_count(pointer)) }

  /// The number of the group with that name.
  func group(named name: String) -> Int? {
    var name = name
    let number = name.withUTF8 { cre2_group_named(pointer, $0.baseAddress, $0.count) }
    return number < 0 ? nil : Int(number)
  }

  /// Finds the first match at or behind the byte `start`, and sets two bounds for it and for each of its groups.
  func find(in text: UnsafeBufferPointer<UInt8>, from start: Int, _ bounds: inout [Int]) -> Bool {
    bounds.withUnsafeMutableBufferPointer {
      cre2_find(pointer, text.baseAddress, text.count, start, $0.baseAddress, $0.count / 2)
    }
  }
}
