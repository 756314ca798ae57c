package import Diagnostics

/// A text with marks such as `1️⃣` in it, which stand for places and aren't part of the text.
///
/// Tests mark where a finding must point instead of counting columns.
package struct MarkedText: Sendable {
  /// The text without its marks.
  package let text: String
  private let offsets: [Int: Int]

  /// Takes the marks out of a text.
  package init(_ marked: String) {
    var text = ""
    var offsets: [Int: Int] = [:]
    for character in marked {
      if let number = character.markNumber { offsets[number] = text.utf8.count } else { text.append(character) }
    }
    self.text = text
    self.offsets = offsets
  }

  /// The text without its marks, in UTF-8.
  package var bytes: [UInt8] { Array(text.utf8) }

  /// The numbers of the marks, ascending.
  package var marks: [Int] { offsets.keys.sorted() }

  /// The byte before which a mark stands.
  package func offset(_ mark: Int) -> Int {
    guard let offset = offsets[mark] else { preconditionFailure("the marked text has no mark \(mark)") }
    return offset
  }

  /// The place of a mark.
  package func position(_ mark: Int) -> SourcePosition {
    SourceText(text).position(ofOffset: offset(mark))
  }

  /// The stretch between two marks.
  package func range(_ first: Int, _ second: Int) -> SourceRange {
    SourceRange(position(first), position(second))
  }
}

extension Character {
  /// The digit of a keycap such as `1️⃣`: the digit, U+FE0F and U+20E3.
  fileprivate var markNumber: Int? {
    let scalars = Array(unicodeScalars)
    guard scalars.count == 3, scalars[1] == "\u{fe0f}", scalars[2] == "\u{20e3}" else { return nil }
    return Int(String(scalars[0]))
  }
}
