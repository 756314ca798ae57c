import Patterns

/// Reads the tokens of one action as a pipeline.
struct PipelineReader {
  private static let depthLimit = 32

  private let tokens: [TemplateToken]
  /// Where the action's content ends, for problems with something missing.
  private let end: Int
  private let functions: TemplateFunctionSet
  private let scope: TemplateScope
  private var position = 0
  private var depth = 0

  init(tokens: [TemplateToken], end: Int, functions: TemplateFunctionSet, scope: TemplateScope) {
    self.tokens = tokens
    self.end = end
    self.functions = functions
    self.scope = scope
  }

  var isAtEnd: Bool { position == tokens.count }

  private var next: TemplateToken? { position < tokens.count ? tokens[position] : nil }

  mutating func skip() {
    position += 1
  }

  mutating func skip(word: String) -> Bool {
    guard next?.kind == .identifier(word) else { return false }
    position += 1
    return true
  }

  func expectEnd() throws(TemplateSyntaxError) {
    if let next { throw unexpected(next) }
  }

  mutating func expectString() throws(TemplateSyntaxError) -> (text: String, offset: Int) {
    guard let token = next else { throw .init(.missingName, at: end) }
    guard case .string(let text) = token.kind else { throw .init(.missingName, at: token.range.lowerBound) }
    position += 1
    return (text, token.range.lowerBound)
  }

  /// Reads a pipeline, with declarations in front, up to the end of the action; its variables are known from here on.
  mutating func wholePipeline(isRange: Bool = false) throws(TemplateSyntaxError) -> TemplatePipeline {
    let pipeline = try pipeline(within: nil, isRange: isRange)
    try expectEnd()
    return pipeline
  }

  /// Reads `$x :=`, `$x =` and, in a range, `$k, $v :=`.
  private mutating func readDeclarations(
    into pipeline: inout TemplatePipeline, isRange: Bool
  ) throws(TemplateSyntaxError) {
    var names: [TemplateToken] = []
    var ahead = position
    while ahead < tokens.count, case .variable = tokens[ahead].kind {
      names.append(tokens[ahead])
      ahead += 1
      guard ahead < tokens.count, tokens[ahead].kind == .comma else { break }
      ahead += 1
    }
    guard ahead < tokens.count, !names.isEmpty else { return }
    switch tokens[ahead].kind {
    case .declare: pipeline.assigns = false
    case .assign: pipeline.assigns = true
    default: return
    }
    guard names.count <= (isRange ? 2 : 1) else {
      throw .init(.tooManyVariables(isRange: isRange), at: names[names.count - 1].range.lowerBound)
    }
    position = ahead + 1
    for token in names {
      guard case .variable(let name) = token.kind else { continue }
      // Go's parser takes an assignment as a declaration too; whether there is something to assign to shows later.
      pipeline.variables.append(
        TemplateVariable(number: scope.number(name), name: name, offset: token.range.lowerBound))
    }
  }

  private mutating func pipeline(
    within parenthesis: Int?, isRange: Bool = false
  ) throws(TemplateSyntaxError) -> TemplatePipeline {
    var pipeline = TemplatePipeline(offset: next?.range.lowerBound ?? end)
    try readDeclarations(into: &pipeline, isRange: isRange)
    for variable in pipeline.variables { scope.declare(variable.name) }
    while true {
      let command = try command()
      if let first = command.operands.first, !pipeline.commands.isEmpty, first.isLiteral || first.isDot {
        throw .init(.notAFunction(first.written), at: command.offset)
      }
      pipeline.commands.append(command)
      guard next?.kind == .pipe else { break }
      position += 1
      guard !isAtEnd else { throw .init(.nothingAfterPipe, at: tokens[position - 1].range.lowerBound) }
    }
    if let parenthesis, next?.kind != .rightParenthesis { throw .init(.unclosedParenthesis, at: parenthesis) }
    if parenthesis == nil, let next, next.kind == .rightParenthesis {
      throw .init(.unexpectedParenthesis, at: next.range.lowerBound)
    }
    return pipeline
  }

  private mutating func command() throws(TemplateSyntaxError) -> TemplateCommand {
    guard let first = next else { throw .init(.emptyAction, at: end) }
    var operands: [TemplateOperand] = []
    while let token = next, token.kind != .pipe, token.kind != .rightParenthesis {
      if !operands.isEmpty, !token.followsSpace { throw unexpected(token) }
      operands.append(try operand(token))
    }
    guard !operands.isEmpty else { throw unexpected(first) }
    var command = TemplateCommand(offset: first.range.lowerBound, operands: operands)
    switch operands[0].kind {
    case .function(.match), .function(.reReplaceAll):
      if operands.count > 1, case .string(let text) = operands[1].kind {
        command.pattern = try? Pattern(unanchored: text)
      }
    default: break
    }
    return command
  }

  private mutating func operand(_ token: TemplateToken) throws(TemplateSyntaxError) -> TemplateOperand {
    position += 1
    switch token.kind {
    case .string(let text): return try literal(.string(text), token)
    case .integer(let number): return try literal(.integer(number), token)
    case .float(let number): return try literal(.float(number), token)
    case .dot: return try literal(.dot, token)
    case .identifier("true"): return try literal(.bool(true), token)
    case .identifier("false"): return try literal(.bool(false), token)
    case .identifier("nil"): return try literal(.none, token)
    case .identifier(let name):
      guard let function = functions[name] else {
        throw .init(.unknownFunction(name, hint: hint(for: name)), at: token.range.lowerBound)
      }
      return chain(.function(function), written: name, at: token.range.lowerBound)
    case .field(let name):
      var operand = chain(.field, written: "." + name, at: token.range.lowerBound)
      operand.path.insert(name, at: 0)
      return operand
    case .variable(let name):
      guard let number = scope.declaredNumber(name) else {
        throw .init(scope.problem(name), at: token.range.lowerBound)
      }
      let variable = TemplateVariable(number: number, name: name, offset: token.range.lowerBound)
      return chain(.variable(variable), written: name, at: token.range.lowerBound)
    case .leftParenthesis: return try parenthesised(token.range.lowerBound)
    case .pipe, .rightParenthesis, .declare, .assign, .comma: throw unexpected(token)
    }
  }

  /// Where else there is a function of that name, or one with a name like it.
  private func hint(for name: String) -> String {
    if let suggestion = functions.suggestion(for: name) { return "did you mean '\(suggestion)'?" }
    if TemplateKeyword(rawValue: name) != nil { return "'\(name)' begins an action and can't stand within one" }
    switch functions.root {
    case .rule:
      if TemplateFunctionSet.notification[name] != nil { return "it belongs to templates of notifications" }
      return name == "tmpl" ? "it belongs to consoles; use {{ template \"name\" . }}" : ""
    case .notification:
      return TemplateFunctionSet.rule[name] != nil ? "it belongs to labels and annotations of rules" : ""
    }
  }

  /// An operand without fields.
  private func literal(
    _ kind: TemplateOperand.Kind, _ token: TemplateToken
  ) throws(TemplateSyntaxError) -> TemplateOperand {
    if let next, !next.followsSpace, case .field = next.kind { throw unexpected(next) }
    return TemplateOperand(kind: kind, offset: token.range.lowerBound, written: token.words)
  }

  /// An operand with the fields that follow it without a space: `.a.b`.
  private mutating func chain(_ kind: TemplateOperand.Kind, written: String, at offset: Int) -> TemplateOperand {
    var operand = TemplateOperand(kind: kind, offset: offset, written: written)
    while let token = next, !token.followsSpace, case .field(let name) = token.kind {
      if operand.path.isEmpty { operand.offset = token.range.lowerBound }
      operand.path.append(name)
      operand.written += "."
      operand.written += name
      position += 1
    }
    return operand
  }

  private mutating func parenthesised(_ offset: Int) throws(TemplateSyntaxError) -> TemplateOperand {
    depth += 1
    guard depth <= Self.depthLimit else { throw .init(.tooDeep(limit: Self.depthLimit), at: offset) }
    let inner = try pipeline(within: offset)
    depth -= 1
    position += 1
    return chain(.parenthesised(inner), written: "(\(inner.description))", at: offset)
  }

  private func unexpected(_ token: TemplateToken) -> TemplateSyntaxError {
    .init(.unexpected(token.words), at: token.range.lowerBound)
  }
}

extension TemplateOperand {
  fileprivate var isDot: Bool {
    if case .dot = kind { true } else { false }
  }
}

extension TemplateToken {
  /// The token as it is written.
  fileprivate var words: String {
    switch kind {
    case .identifier(let name), .variable(let name): name
    case .field(let name): "." + name
    case .dot: "."
    case .pipe: "|"
    case .leftParenthesis: "("
    case .rightParenthesis: ")"
    case .declare: ":="
    case .assign: "="
    case .comma: ","
    case .string, .integer, .float: written
    }
  }
}
