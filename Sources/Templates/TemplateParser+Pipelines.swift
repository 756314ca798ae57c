import Patterns

/// Reads the tokens of one action as a pipeline.
struct PipelineReader {
  private static let depthLimit = 32

  private let tokens: [TemplateToken]
  /// Where the action's content ends, for problems with something missing.
  private let end: Int
  private let declared: Set<String>
  private var position = 0
  private var depth = 0
  private(set) var newlyDeclared: Set<String> = []
  /// The first word that needs the full language.
  private(set) var unsupported: String?

  init(tokens: [TemplateToken], end: Int, declared: Set<String>) {
    self.tokens = tokens
    self.end = end
    self.declared = declared
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

  mutating func expectString() throws(TemplateSyntaxError) {
    guard let token = next else { throw .init(.emptyAction, at: end) }
    guard case .string = token.kind else { throw unexpected(token) }
    position += 1
  }

  /// Reads a pipeline, with declarations in front, up to the end of the action.
  mutating func wholePipeline() throws(TemplateSyntaxError) -> TemplatePipeline {
    try readDeclarations()
    let pipeline = try pipeline(within: nil)
    try expectEnd()
    return pipeline
  }

  /// Reads `$x :=`, `$x =` and `$k, $v :=`.
  private mutating func readDeclarations() throws(TemplateSyntaxError) {
    var names: [String] = []
    var ahead = position
    while ahead < tokens.count, case .variable(let name) = tokens[ahead].kind {
      names.append(name)
      ahead += 1
      guard ahead < tokens.count, tokens[ahead].kind == .comma else { break }
      ahead += 1
    }
    guard ahead < tokens.count, !names.isEmpty else { return }
    switch tokens[ahead].kind {
    case .declare: newlyDeclared.formUnion(names)
    case .assign:
      for name in names where !isKnown(name) {
        throw .init(.undefinedVariable(name), at: tokens[position].range.lowerBound)
      }
    default: return
    }
    position = ahead + 1
    note(names[0])
  }

  private func isKnown(_ variable: String) -> Bool {
    variable == "$" || TemplateField(variable: variable) != nil || declared.contains(variable)
      || newlyDeclared.contains(variable)
  }

  private mutating func note(_ construct: String) {
    if unsupported == nil { unsupported = construct }
  }

  private mutating func pipeline(within parenthesis: Int?) throws(TemplateSyntaxError) -> TemplatePipeline {
    var commands: [TemplateCommand] = []
    while true {
      let command = try command()
      if let first = command.operands.first, !commands.isEmpty {
        switch first.kind {
        case .function, .field, .unknownField: break
        case .none, .string, .integer, .float, .bool, .parenthesised:
          if unsupported == nil { throw .init(.notAFunction(first.written), at: command.offset) }
        }
      }
      commands.append(command)
      guard next?.kind == .pipe else { break }
      position += 1
      guard !isAtEnd else { throw .init(.nothingAfterPipe, at: tokens[position - 1].range.lowerBound) }
    }
    if let parenthesis, next?.kind != .rightParenthesis { throw .init(.unclosedParenthesis, at: parenthesis) }
    if parenthesis == nil, let next, next.kind == .rightParenthesis {
      throw .init(.unexpectedParenthesis, at: next.range.lowerBound)
    }
    return TemplatePipeline(commands: commands)
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
    if case .function(.match) = operands[0].kind { command.pattern = Self.pattern(operands) }
    if case .function(.reReplaceAll) = operands[0].kind { command.pattern = Self.pattern(operands) }
    return command
  }

  private static func pattern(_ operands: [TemplateOperand]) -> Pattern? {
    guard operands.count > 1, case .string(let text) = operands[1].kind else { return nil }
    return try? Pattern(unanchored: text)
  }

  private mutating func operand(_ token: TemplateToken) throws(TemplateSyntaxError) -> TemplateOperand {
    position += 1
    switch token.kind {
    case .string(let text): return try plain(.string(text), token)
    case .integer(let number): return try plain(.integer(number), token)
    case .float(let number): return try plain(.float(number), token)
    case .dot:
      note(".")
      return try plain(.none, token)
    case .identifier("true"): return try plain(.bool(true), token)
    case .identifier("false"): return try plain(.bool(false), token)
    case .identifier("nil"): return try plain(.none, token)
    case .identifier(let name): return try function(name, token)
    case .field(let name): return field(name, written: "." + name, at: token.range.lowerBound)
    case .variable(let name): return try variable(name, at: token.range.lowerBound)
    case .leftParenthesis: return try parenthesised(token.range.lowerBound)
    case .pipe, .rightParenthesis, .declare, .assign, .comma: throw unexpected(token)
    }
  }

  /// An operand without fields.
  private func plain(
    _ kind: TemplateOperand.Kind, _ token: TemplateToken
  ) throws(TemplateSyntaxError) -> TemplateOperand {
    if let next, !next.followsSpace, case .field = next.kind { throw unexpected(next) }
    return TemplateOperand(kind: kind, offset: token.range.lowerBound, written: token.words)
  }

  private mutating func function(
    _ name: String, _ token: TemplateToken
  ) throws(TemplateSyntaxError) -> TemplateOperand {
    if let function = TemplateFunction(rawValue: name) { return try plain(.function(function), token) }
    guard TemplateFunction.ofTheFullLanguage.contains(name) else {
      throw .init(.unknownFunction(name), at: token.range.lowerBound)
    }
    note(name)
    return try plain(.none, token)
  }

  /// The fields that follow without a space: `.a.b`; and where they begin.
  private mutating func path() -> (names: [String], offset: Int?) {
    var names: [String] = []
    let offset = next?.range.lowerBound
    while let token = next, !token.followsSpace, case .field(let name) = token.kind {
      names.append(name)
      position += 1
    }
    return (names, names.isEmpty ? nil : offset)
  }

  private mutating func field(_ name: String, written: String, at offset: Int) -> TemplateOperand {
    let path = path()
    return TemplateOperand(
      kind: TemplateField(field: name).map { .field($0, path: path.names) } ?? .unknownField(name),
      offset: path.offset ?? offset, written: written.followed(by: path.names))
  }

  private mutating func variable(_ name: String, at offset: Int) throws(TemplateSyntaxError) -> TemplateOperand {
    let (names, fieldOffset) = path()
    let written = name.followed(by: names)
    let place = fieldOffset ?? offset
    if let field = TemplateField(variable: name), !declared.contains(name), !newlyDeclared.contains(name) {
      return TemplateOperand(kind: .field(field, path: names), offset: place, written: written)
    }
    guard isKnown(name) else { throw .init(.undefinedVariable(name), at: offset) }
    guard name == "$", let first = names.first else {
      note(name)
      return TemplateOperand(kind: .none, offset: place, written: written)
    }
    let field = TemplateField(field: first)
    return TemplateOperand(
      kind: field.map { .field($0, path: Array(names.dropFirst())) } ?? .unknownField(first), offset: place,
      written: written)
  }

  private mutating func parenthesised(_ offset: Int) throws(TemplateSyntaxError) -> TemplateOperand {
    depth += 1
    guard depth <= Self.depthLimit else { throw .init(.tooDeep(limit: Self.depthLimit), at: offset) }
    let inner = try pipeline(within: offset)
    depth -= 1
    position += 1
    let path = path()
    return TemplateOperand(
      kind: .parenthesised(inner, path: path.names), offset: path.offset ?? offset,
      written: "(\(inner.description))".followed(by: path.names))
  }

  private func unexpected(_ token: TemplateToken) -> TemplateSyntaxError {
    .init(.unexpected(token.words), at: token.range.lowerBound)
  }
}

extension String {
  fileprivate func followed(by path: [String]) -> String {
    path.isEmpty ? self : self + "." + path.joined(separator: ".")
  }
}

extension TemplateToken {
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
