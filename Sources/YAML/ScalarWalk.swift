import Diagnostics

/// Goes through a scalar in the file and through the text it stands for side by side, as libyaml's scanner does.
struct ScalarWalk {
  private let scalar: YAMLScalar
  private let source: SourceText
  private let start: SourcePosition
  /// The byte behind the scalar.
  private let end: Int
  /// The byte of the scalar's text that is looked for.
  private let target: Int

  /// The byte of the file that comes next, and its place.
  private(set) var offset: Int
  private(set) var place: SourcePosition
  /// How many bytes of the scalar's text have been made.
  private var made = 0
  /// Where the character with the target begins and ends.
  private var found: SourceRange?
  /// Behind the last character that was made.
  private var behindLast: SourcePosition

  init(of scalar: YAMLScalar, at range: SourceRange, in source: SourceText, to target: Int) {
    self.scalar = scalar
    self.source = source
    self.target = target
    start = range.start
    place = range.start
    behindLast = range.start
    offset = source.offset(of: range.start)
    end = max(offset, source.offset(of: range.end))
  }

  /// Where the target begins, or the end of the scalar when there is no such byte.
  mutating func result() -> SourcePosition {
    walk()
    return found?.start ?? behindLast
  }

  /// Where the character with the target ends.
  mutating func resultEnd() -> SourcePosition {
    walk()
    return found?.end ?? behindLast
  }

  private mutating func walk() {
    skipProperties()
    behindLast = place
    switch scalar.style {
    case .plain: walkFlow()
    case .singleQuoted, .doubleQuoted:
      step()
      behindLast = place
      walkFlow()
    case .literal, .folded: walkBlock()
    }
  }
}

// MARK: - Steps

extension ScalarWalk {
  private var isDone: Bool { found != nil || offset >= end }
  private var byte: UInt8? { offset < source.bytes.count ? source.bytes[offset] : nil }
  private var isAtBlank: Bool { byte == 0x20 || byte == 0x09 }
  private var isAtBreak: Bool { byte == 0x0a || byte == 0x0d }

  private func isAhead(_ character: Unicode.Scalar, by distance: Int = 0) -> Bool {
    offset + distance < source.bytes.count && source.bytes[offset + distance] == UInt8(ascii: character)
  }

  /// Steps over one character, a CR LF being one.
  private mutating func step() {
    guard offset < source.bytes.count else { return }
    if isAtBreak {
      offset += isAhead("\r") && isAhead("\n", by: 1) ? 2 : 1
      place = SourcePosition(line: Int(place.line) + 1, column: 1)
    } else {
      offset += SourceText.scalar(in: source.bytes, at: offset).length
      place.column += 1
    }
  }

  /// Makes `count` bytes of text, which stand for what is between two places of the file.
  private mutating func make(_ count: Int, from start: SourcePosition, to end: SourcePosition) {
    if found == nil, target < made + count { found = SourceRange(start, end) }
    made += count
    behindLast = end
  }

  /// Makes a line break or the space that one is folded to; what is shown of it is the end of its line.
  private mutating func makeBreak(at place: SourcePosition) {
    let before = behindLast
    make(1, from: place, to: SourcePosition(line: Int(place.line), column: Int(place.column) + 1))
    behindLast = before
  }

  /// Copies one character.
  private mutating func copy() {
    let (before, from) = (offset, place)
    step()
    make(offset - before, from: from, to: place)
  }

  /// Steps over anchor and tag, and what is between them and the scalar.
  private mutating func skipProperties() {
    while !isDone, isAhead("&") || isAhead("!") {
      while !isDone, !isAtBlank, !isAtBreak { step() }
      while !isDone, isAtBlank || isAtBreak || isAhead("#") {
        if isAhead("#") { while !isDone, !isAtBreak { step() } } else { step() }
      }
    }
  }
}

// MARK: - Plain and quoted scalars

extension ScalarWalk {
  private mutating func walkFlow() {
    while !isDone {
      if isAtBlank || isAtBreak {
        walkSpace()
      } else if scalar.style == .singleQuoted, isAhead("'") {
        guard isAhead("'", by: 1) else { return }
        let from = place
        step()
        step()
        make(1, from: from, to: place)
      } else if scalar.style == .doubleQuoted, isAhead("\"") {
        return
      } else if scalar.style == .doubleQuoted, isAhead("\\") {
        walkEscape()
      } else {
        copy()
      }
    }
  }

  /// Blanks are copied; with a line break among them they are folded: one break to a space, more to all but the first.
  private mutating func walkSpace() {
    var ahead = self
    while !ahead.isDone, ahead.isAtBlank { ahead.step() }
    guard !ahead.isDone, ahead.isAtBreak else {
      while !isDone, isAtBlank { copy() }
      return
    }
    (offset, place) = (ahead.offset, ahead.place)
    let first = place
    step()
    if walkEmptyLines() == 0 { makeBreak(at: first) }
  }

  /// Makes a line break of every line up to the next text, and steps over the blanks before that; returns how many.
  private mutating func walkEmptyLines() -> Int {
    var count = 0
    while !isDone, isAtBlank || isAtBreak {
      if isAtBreak {
        makeBreak(at: place)
        count += 1
      }
      step()
    }
    return count
  }

  private mutating func walkEscape() {
    let from = place
    step()
    if isAtBreak {
      step()
      _ = walkEmptyLines()
      return
    }
    let letter = byte ?? 0
    step()
    switch letter {
    case UInt8(ascii: "x"): walkDigits(2, from)
    case UInt8(ascii: "u"): walkDigits(4, from)
    case UInt8(ascii: "U"): walkDigits(8, from)
    case UInt8(ascii: "N"), UInt8(ascii: "_"): make(2, from: from, to: place)
    case UInt8(ascii: "L"), UInt8(ascii: "P"): make(3, from: from, to: place)
    default: make(1, from: from, to: place)
    }
  }

  private mutating func walkDigits(_ count: Int, _ from: SourcePosition) {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let byte, byte.isHexadecimalDigit else { break }
      let digit = byte.isDigit(below: 10) ? byte - UInt8(ascii: "0") : (byte | 0x20) - UInt8(ascii: "a") + 10
      value = value << 4 | UInt32(digit)
      step()
    }
    make(value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4, from: from, to: place)
  }
}

// MARK: - Block scalars

extension ScalarWalk {
  /// Line by line. Folding joins two lines by a space unless one of them begins with a blank; empty lines between them
  /// then stand for the breaks.
  private mutating func walkBlock() {
    while !isAtBreak, byte != nil { step() }
    step()
    behindLast = place
    let indentation = indentation
    var breaks = walkIndentation(indentation)
    var lineBreak: SourcePosition?
    var wasBlank = false
    while found == nil, byte != nil, Int(place.column) > indentation, made < scalar.text.utf8.count {
      if let lineBreak {
        let isFolded = scalar.style == .folded && !wasBlank && !isAtBlank
        if !isFolded || breaks.isEmpty { makeBreak(at: lineBreak) }
      }
      for place in breaks { makeBreak(at: place) }
      wasBlank = isAtBlank
      while byte != nil, !isAtBreak { copy() }
      lineBreak = place
      step()
      breaks = walkIndentation(indentation)
    }
    if let lineBreak { makeBreak(at: lineBreak) }
    for place in breaks { makeBreak(at: place) }
    if made > scalar.text.utf8.count, target >= scalar.text.utf8.count { found = nil }
  }

  /// Steps over empty lines and the indentation of the line behind them; returns where the empty lines end.
  private mutating func walkIndentation(_ indentation: Int) -> [SourcePosition] {
    var breaks: [SourcePosition] = []
    while byte != nil {
      while Int(place.column) <= indentation, isAhead(" ") { step() }
      guard isAtBreak else { break }
      breaks.append(place)
      step()
    }
    return breaks
  }

  /// How many blanks of each line are no part of the text: what the first line with text has in the file beyond what it
  /// has in the scalar. This holds for found and for written-down indentation alike.
  private var indentation: Int {
    var ahead = self
    while ahead.byte != nil, ahead.isAhead(" ") || ahead.isAtBreak { ahead.step() }
    let inFile = Int(ahead.place.column) - 1
    var inText = 0
    for byte in scalar.text.utf8 {
      if byte == 0x0a { inText = 0 } else if byte == 0x20 { inText += 1 } else { return max(0, inFile - inText) }
    }
    // Without any text each line is empty, or all blanks beyond an indentation that was written down.
    return max(0, inFile)
  }
}
