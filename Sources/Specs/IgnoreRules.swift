/// Which files a `.belfryignore` leaves out, in gitignore's syntax.
///
/// The last pattern that matches decides; `!` takes a file back in, unless a folder above it is left out
/// (gitignore(5)).
package struct IgnoreRules: Sendable {
  private let patterns: [IgnorePattern]

  /// Nothing is left out.
  package static let none = IgnoreRules(parsing: "")

  package init(parsing text: String) {
    patterns = text.utf8.split(separator: 0x0a).compactMap { IgnorePattern(line: Array($0)) }
  }

  /// Whether the file at `path` (relative to the root, slashes, no leading one) is left out.
  package func matches(_ path: String) -> Bool {
    guard !patterns.isEmpty else { return false }
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
    for count in 1..<max(parts.count, 1) where decision(for: Array(parts[..<count]), isFolder: true) { return true }
    return !parts.isEmpty && decision(for: parts, isFolder: false)
  }

  private func decision(for parts: [[UInt8]], isFolder: Bool) -> Bool {
    let last = patterns.last { (isFolder || !$0.foldersOnly) && $0.matches(parts) }
    return last.map { !$0.isNegated } ?? false
  }
}

/// One line of an ignore file.
private struct IgnorePattern: Sendable {
  var isNegated = false
  var foldersOnly = false
  /// The parts between slashes; `nil` stands for `**`.
  private var parts: [[UInt8]?]

  /// `nil` for a blank line and a comment.
  init?(line: [UInt8]) {
    var line = line[...]
    if line.last == 0x0d { line.removeLast() }
    while let last = line.last, last == 0x20 || last == 0x09, !Self.isEscaped(line) { line.removeLast() }
    guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
    if first == UInt8(ascii: "!") {
      isNegated = true
      line.removeFirst()
    }
    if line.last == UInt8(ascii: "/") {
      foldersOnly = true
      line.removeLast()
    }
    guard !line.isEmpty else { return nil }
    let isAnchored = line.contains(UInt8(ascii: "/"))
    parts = line.split(separator: UInt8(ascii: "/")).map { $0.elementsEqual("**".utf8) ? nil : Array($0) }
    guard !parts.isEmpty else { return nil }
    if !isAnchored { parts.insert(nil, at: 0) }
  }

  /// Whether the last byte stands behind a backslash.
  private static func isEscaped(_ line: ArraySlice<UInt8>) -> Bool {
    let backslashes = line.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
    return backslashes % 2 == 1
  }

  /// Whether the pattern matches the path with these parts; goes back to the last `**` only, so time stays bounded.
  func matches(_ path: [[UInt8]]) -> Bool {
    var part = 0
    var position = 0
    var retry: (part: Int, position: Int)?
    while position < path.count {
      if part < parts.count {
        guard let wanted = parts[part] else {
          if part == parts.count - 1 { return true }
          retry = (part + 1, position)
          part += 1
          continue
        }
        if Glob.matches(wanted, path[position]) {
          part += 1
          position += 1
          continue
        }
      }
      guard let last = retry else { return false }
      retry = (last.part, last.position + 1)
      part = last.part
      position = last.position + 1
    }
    return part == parts.count
  }
}

/// A shell pattern over one part of a path: `*`, `?`, `[a-z]`, `\`.
private enum Glob {
  static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
    var at = 0
    var position = 0
    var retry: (pattern: Int, position: Int)?
    while position < text.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        retry = (at + 1, position)
        at += 1
      } else if at < pattern.count, let next = step(pattern, at, text[position]) {
        at = next
        position += 1
      } else if let last = retry {
        retry = (last.pattern, last.position + 1)
        at = last.pattern
        position = last.position + 1
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// Where the pattern goes on after matching `byte`; `nil` when it doesn't match.
  private static func step(_ pattern: [UInt8], _ at: Int, _ byte: UInt8) -> Int? {
    switch pattern[at] {
    case UInt8(ascii: "?"): return at + 1
    case UInt8(ascii: "["):
      guard let (accepts, next) = bracket(pattern, at, byte) else { return byte == pattern[at] ? at + 1 : nil }
      return accepts ? next : nil
    case UInt8(ascii: "\\") where at + 1 < pattern.count: return pattern[at + 1] == byte ? at + 2 : nil
    case byte: return at + 1
    default: return nil
    }
  }

  /// Whether the bracket at `at` accepts `byte`, and where it ends; `nil` when nothing closes it.
  private static func bracket(_ pattern: [UInt8], _ at: Int, _ byte: UInt8) -> (Bool, Int)? {
    var index = at + 1
    guard index < pattern.count else { return nil }
    let isNegated = pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^")
    if isNegated { index += 1 }
    var accepts = false
    let first = index
    while index < pattern.count, pattern[index] != UInt8(ascii: "]") || index == first {
      let low = pattern[index]
      if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"), pattern[index + 2] != UInt8(ascii: "]") {
        if low <= byte, byte <= pattern[index + 2] { accepts = true }
        index += 3
      } else {
        if low == byte { accepts = true }
        index += 1
      }
    }
    return index < pattern.count ? (accepts != isNegated, index + 1) : nil
  }
}
