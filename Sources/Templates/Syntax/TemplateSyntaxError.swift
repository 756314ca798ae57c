/// Why a text is not a template, and at which byte of it.
package struct TemplateSyntaxError: Error, Hashable, Sendable {
  /// What was wrong.
  package enum Problem: Hashable, Sendable {
    /// `{{` without `}}`.
    case unclosedAction
    case unclosedComment
    /// A comment that isn't the whole action.
    case commentWithinAction
    case unclosedString
    case malformedString
    case unexpectedCharacter(Unicode.Scalar)
    case malformedNumber(String)
    case emptyAction
    /// A word or sign that can't stand where it does.
    case unexpected(String)
    case nothingAfterPipe
    /// A value that is no function was given one by a pipe.
    case notAFunction(String)
    case unclosedParenthesis
    case unexpectedParenthesis
    /// `hint` says what to write instead, or where the function belongs; it may be empty.
    case unknownFunction(String, hint: String)
    case undefinedVariable(String, suggestion: String?)
    /// A variable of rules within `define`, which sees only `$`.
    case hiddenVariable(String)
    case tooManyVariables(isRange: Bool)
    /// `template`, `define` or `block` without a name in quotes.
    case missingName
    case nestedDefinition
    case definedTwice(String)
    /// `break` or `continue` elsewhere than in `range`.
    case outsideRange(String)
    case blocksTooDeep(limit: Int)
    /// `else` or `end` without a block.
    case withoutBlock(String)
    /// A block without `end`.
    case unclosedBlock(String)
    case tooDeep(limit: Int)
  }

  package let problem: Problem
  /// Counted in bytes from the start of the text.
  package let offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }
}

extension TemplateSyntaxError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch problem {
    case .unclosedAction: "'{{' has no '}}'"
    case .unclosedComment: "'/*' has no '*/'"
    case .commentWithinAction: "a comment must be the whole action: write '{{/* … */}}'"
    case .unclosedString: "the string has no closing quote"
    case .malformedString: "the string has an escape that Go doesn't have"
    case .unexpectedCharacter(let scalar): Self.words(for: scalar)
    case .malformedNumber(let text): "'\(text)' is not a number"
    case .emptyAction: "the action is empty"
    case .unexpected(let word): "'\(word)' can't stand here"
    case .nothingAfterPipe: "nothing follows the '|'"
    case .notAFunction(let word): "'\(word)' is not a function, so nothing can be piped into it"
    case .unclosedParenthesis: "'(' has no ')'"
    case .unexpectedParenthesis: "')' has no '('"
    case .unknownFunction(let name, let hint):
      "no function is named '\(name)'" + (hint.isEmpty ? "" : "; " + hint)
    case .undefinedVariable(let name, let suggestion):
      "'\(name)' is not defined" + (suggestion.map { "; did you mean '\($0)'?" } ?? "; declare it: {{ \(name) := … }}")
    case .hiddenVariable(let name):
      "'\(name)' is not known within 'define'; hand it over: {{ template \"…\" (args \(name)) }}, and use .arg0"
    case .tooManyVariables(let isRange):
      isRange ? "'range' takes at most two variables" : "only 'range' takes several variables"
    case .missingName: "a name in quotes must stand here"
    case .nestedDefinition: "'define' can't stand within another block; move it out"
    case .definedTwice(let name): "'\(name)' is defined twice; a name has one definition"
    case .outsideRange(let word): "'\(word)' stands outside 'range'"
    case .blocksTooDeep(let limit): "blocks nest deeper than \(limit)"
    case .withoutBlock(let word): "'\(word)' belongs to no open 'if', 'with' or 'range'"
    case .unclosedBlock(let word): "'\(word)' has no 'end'"
    case .tooDeep(let limit): "parentheses nest deeper than \(limit)"
    }
  }

  private static func words(for scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    guard scalar.value != 0xA0 else {
      return "a non-breaking space (\(code)) stands in the action; write a plain space"
    }
    return scalar.value > 0x20 ? "'\(scalar)' (\(code)) can't stand in an action" : "\(code) can't stand in an action"
  }
}
