/// Why a text is not the JSON that was asked for, and at which byte of it.
package struct JSONSyntaxError: Error, Hashable, Sendable {
  /// What was found or missed.
  package enum Problem: Hashable, Sendable {
    /// The text ends inside a value.
    case endOfText
    case expectedValue
    case expectedName
    case expectedColon
    case expectedCommaOrEnd
    case trailingComma
    /// Something follows the value.
    case textAfterValue
    case malformedNumber
    /// A number that neither `Int64` nor `Double` holds, as asked.
    case numberOutOfRange
    /// A byte below 0x20 inside a string.
    case controlCharacter
    case unknownEscape
    case unpairedSurrogate
    case notUTF8
    /// Objects and arrays nest deeper than the limit.
    case tooDeep(limit: Int)
    /// A value of another kind than the reader was asked for.
    case expected(JSONKind)
  }

  package let problem: Problem
  /// Counted in bytes from the start of the text.
  package let offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }
}

/// The kinds of JSON values.
package enum JSONKind: String, Hashable, Sendable, CaseIterable {
  case object, array, string, number, bool, null
}

extension JSONSyntaxError: CustomStringConvertible {
  /// One line for people: `expected ':' at byte 12`.
  package var description: String { problem.words + " at byte \(offset)" }
}

extension JSONSyntaxError.Problem {
  fileprivate var words: String {
    switch self {
    case .endOfText: "the text ends inside a value"
    case .expectedValue: "expected a value"
    case .expectedName: "expected a name in double quotes"
    case .expectedColon: "expected ':'"
    case .expectedCommaOrEnd: "expected ',' or the end of the list"
    case .trailingComma: "a ',' stands before the end of the list"
    case .textAfterValue: "something follows the value"
    case .malformedNumber: "the number is not written as JSON numbers are"
    case .numberOutOfRange: "the number is out of range"
    case .controlCharacter: "a control character stands in a string; write it as an escape"
    case .unknownEscape: "the escape is not one that JSON has"
    case .unpairedSurrogate: "half of a surrogate pair stands alone"
    case .notUTF8: "the bytes are not UTF-8"
    case .tooDeep(let limit): "lists nest deeper than \(limit)"
    case .expected(let kind): "expected \(kind.withArticle)"
    }
  }
}

extension JSONKind {
  fileprivate var withArticle: String {
    switch self {
    case .object, .array: "an " + rawValue
    case .string, .number, .bool: "a " + rawValue
    case .null: rawValue
    }
  }
}
