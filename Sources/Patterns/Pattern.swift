/// Why a text is not a pattern that RE2 accepts.
package struct PatternSyntaxError: Error, Hashable, Sendable {
  /// RE2's own words.
  package let message: String
}

/// A compiled RE2 pattern: matching takes time linear in the text.
///
/// Equal patterns compare by their text and anchoring.
package struct Pattern: Hashable, Sendable {
  private enum Kind { case anchored, anchoredOverLines, unanchored }

  package let text: String
  private let kind: Kind
  private let compiled: CompiledPattern

  /// A pattern that must match the whole text, as in `^(?:…)$`.
  ///
  /// A dot matches a line break when `dotMatchesLineBreaks`, as it does in PromQL since Prometheus 3.
  package init(anchored text: String, dotMatchesLineBreaks: Bool = false) throws(PatternSyntaxError) {
    self.text = text
    kind = dotMatchesLineBreaks ? .anchoredOverLines : .anchored
    do throws(PatternSyntaxError) {
      compiled = try CompiledPattern((dotMatchesLineBreaks ? "^(?s:" : "^(?:") + text + ")$")
    } catch {
      // RE2's words for the text as it is written show nothing that was put around it.
      _ = try CompiledPattern(text)
      throw error
    }
  }

  /// A pattern that may match anywhere.
  package init(unanchored text: String) throws(PatternSyntaxError) {
    self.text = text
    kind = .unanchored
    compiled = try CompiledPattern(text)
  }

  /// Whether the pattern matches.
  package func matches(_ candidate: String) -> Bool {
    compiled.matches(candidate)
  }

  /// `candidate` with every match replaced; `$1` and `${name}` in `replacement` stand for groups, as in Go's
  /// `Regexp.Expand`.
  package func replacingAll(in candidate: String, with replacement: String) -> String {
    replacingAll(in: candidate, with: replacement, limit: .max) ?? candidate
  }

  /// As ``replacingAll(in:with:)``; `nil` when the result would be longer than `limit` bytes.
  package func replacingAll(in candidate: String, with replacement: String, limit: Int) -> String? {
    let expansion = PatternExpansion(replacement, for: compiled)
    var candidate = candidate
    return candidate.withUTF8 { text in
      var result: [UInt8] = []
      var bounds = [Int](repeating: -1, count: 2 * (1 + compiled.groupCount))
      var (position, copied) = (0, 0)
      while position <= text.count, compiled.find(in: text, from: position, &bounds) {
        guard result.count <= limit else { return nil }
        result.append(contentsOf: text[copied..<bounds[0]])
        // An empty match right behind another is not replaced, as in Go.
        if bounds[1] > copied || bounds[0] == 0 { expansion.append(to: &result, text, bounds) }
        copied = bounds[1]
        guard bounds[1] == bounds[0] else {
          position = bounds[1]
          continue
        }
        // Step over one whole character.
        position = bounds[1] + 1
        while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
      }
      result.append(contentsOf: text[copied...])
      guard result.count <= limit else { return nil }
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// `template` with the groups of the first match in `candidate`, as in Go's `Regexp.Expand`; `nil` without a match.
  ///
  /// With an anchored pattern the match is the whole of `candidate`, which is what `label_replace` wants.
  package func expand(_ template: String, in candidate: String) -> String? {
    var candidate = candidate
    return candidate.withUTF8 { text in
      var bounds = [Int](repeating: -1, count: 2 * (1 + compiled.groupCount))
      guard compiled.find(in: text, from: 0, &bounds) else { return nil }
      var result: [UInt8] = []
      PatternExpansion(template, for: compiled).append(to: &result, text, bounds)
      return String(decoding: result, as: UTF8.self)
    }
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.text == right.text && left.kind == right.kind
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(kind)
  }
}
