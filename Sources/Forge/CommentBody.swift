/// A sticky comment's text: the marker, by which it is found again, and what people read.
package struct CommentBody: Hashable, Sendable {
  package let marker: CommentMarker
  /// The whole text, the marker in its first line.
  package let text: String
  /// How many folds were emptied to make the text fit.
  package let foldsLeftOut: Int

  /// Why a text can't be a comment.
  package struct TooLong: Error, Hashable, Sendable, CustomStringConvertible {
    /// Unicode scalars that there are, and that would be accepted.
    package let length: Int
    package let limit: Int

    package var description: String {
      "the comment has \(length) characters even without its folds, and \(limit) are accepted; "
        + "shorten it (belfry diff --tenant shows one tenant), or post a link to the whole"
    }
  }

  /// Empties folds (`<details>`), the largest first, until the text fits into `limit` Unicode scalars.
  package init(_ words: String, marker: CommentMarker, limit: Int) throws(TooLong) {
    self.marker = marker
    var sections = CommentSection.sections(of: marker.stripped(from: words))
    let head = marker.text + "\n"
    let folds = sections.count { $0.isFold }
    var emptied = 0
    func note() -> String {
      guard emptied > 0 else { return "" }
      return "\n_Too long for one comment: \(emptied) of \(folds) folds are left out. "
        + "The whole is in the output of the job that posted this._\n"
    }
    var length = head.unicodeScalars.count + sections.reduce(0) { $0 + $1.length }
    while length + note().unicodeScalars.count > limit {
      let largest = sections.indices.filter { sections[$0].canBeEmptied }.max {
        (sections[$0].length, $1) < (sections[$1].length, $0)
      }
      guard let largest else { throw TooLong(length: length, limit: limit) }
      length -= sections[largest].length
      sections[largest].empty()
      length += sections[largest].length
      emptied += 1
    }
    text = head + sections.map(\.text).joined() + note()
    foldsLeftOut = emptied
  }
}

/// The hidden first line of a comment that is ours: `<!-- belfry:KEY -->`.
package struct CommentMarker: Hashable, Sendable {
  package let key: String

  /// `nil` where `key` isn't 1 to 100 letters, digits, dots, underscores, slashes and hyphens, or holds `--`, which would
  /// end an HTML comment.
  package init?(_ key: String) {
    let isPlain = key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isPlain, (1...100).contains(key.utf8.count), !key.contains("--") else { return nil }
    self.key = key
  }

  package var text: String { "<!-- belfry:\(key) -->" }

  /// Whether a comment begins with this marker, alone in its line.
  package func marks(_ body: String) -> Bool {
    body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).first.map { $0 == text } ?? false
  }

  fileprivate func stripped(from words: String) -> String {
    marks(words) ? String(words.dropFirst(text.count).drop(while: \.isNewline)) : words
  }
}

/// A stretch of Markdown: one outermost fold, or what stands between two.
private struct CommentSection {
  private(set) var lines: [Substring]
  let isFold: Bool
  private(set) var canBeEmptied: Bool
  private(set) var length: Int

  init(lines: [Substring], isFold: Bool) {
    self.lines = lines
    self.isFold = isFold
    canBeEmptied = isFold
    length = lines.reduce(0) { $0 + $1.unicodeScalars.count }
  }

  var text: String { lines.joined() }

  /// Leaves the line that opens the fold, and its summary.
  mutating func empty() {
    canBeEmptied = false
    let summary = lines.prefix(4).firstIndex { $0.contains("</summary>") }
    let kept = Array(lines[...(summary ?? 0)])
    lines = kept + ["\n_left out_\n\n", "</details>\n"]
    length = lines.reduce(0) { $0 + $1.unicodeScalars.count }
  }

  /// Splits a text; tags inside fences are text. A fold that is never closed is none.
  static func sections(of text: String) -> [CommentSection] {
    var sections: [CommentSection] = []
    var current: [Substring] = []
    var depth = 0
    var fence: (mark: Character, length: Int)?
    func close(asFold isFold: Bool) {
      if !current.isEmpty { sections.append(CommentSection(lines: current, isFold: isFold)) }
      current = []
    }
    for line in text.linesWithBreaks {
      let bare = line.drop { $0 == " " }
      if let mark = bare.first, mark == "`" || mark == "~" {
        let run = bare.prefix { $0 == mark }.count
        if let open = fence {
          let rest = bare.dropFirst(run).allSatisfy { $0.isWhitespace }
          if open.mark == mark, run >= open.length, rest { fence = nil }
        } else if run >= 3 {
          fence = (mark, run)
        }
      } else if fence == nil, bare.hasPrefix("<details") {
        if depth == 0 { close(asFold: false) }
        depth += 1
      }
      current.append(line)
      if fence == nil, depth > 0, bare.contains("</details>") {
        depth -= 1
        if depth == 0 { close(asFold: true) }
      }
    }
    close(asFold: false)
    return sections
  }
}

extension String {
  /// The lines, each with its break.
  fileprivate var linesWithBreaks: [Substring] {
    var lines: [Substring] = []
    var start = startIndex
    while start < endIndex {
      let end = self[start...].firstIndex(where: \.isNewline).map { index(after: $0) } ?? endIndex
      lines.append(self[start..<end])
      start = end
    }
    return lines
  }
}
