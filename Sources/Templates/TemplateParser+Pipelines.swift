import Model
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
      for name in names where !isKnown(name) { throw .init(.undefinedVariable(name), at: tokens[position].range.lowerBound) }
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
        switch first {
        case .function, .field, .unknownField: break
        case .none, .string, .integer, .float, .bool, .parenthesised:
          if unsupported == nil { throw .init(.notAFunction(first.description), at: command.offset) }
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
    if case .function(.match) = operands[0] { command.pattern = Self.pattern(operands) }
    if case .function(.reReplaceAll) = operands[0] { command.pattern = Self.pattern(operands) }
    return command
  }

  private static func pattern(_ operands: [TemplateOperand]) -> Pattern? {
    guard operands.count > 1, case .string(let text) = operands[1] else { return nil }
    return try? Pattern(unanchored: text)
  }

  private mutating func operand(_ token: TemplateToken) throws(TemplateSyntaxError) -> TemplateOperand {
    position += 1
    switch token.kind {
    case .string(let text): return try unchained(.string(text))
    case .integer(let number): return try unchained(.integer(number))
    case .float(let number): return try unchained(.float(number))
    case .dot:
      note(".")
      return try unchained(.none)
    case .identifier("true"): return try unchained(.bool(true))
    case .identifier("false"): return try unchained(.bool(false))
    case .identifier("nil"): return try unchained(.none)
    case .identifier(let name): return try function(name, at: token.range.lowerBound)
    case .field(let name): return field(name, path: path(), written: "." + name)
    case .variable(let name): return try variable(name, at: token.range.lowerBound)
    case .leftParenthesis: return try parenthesised(token.range.lowerBound)
    case .pipe, .rightParenthesis, .declare, .assign, .comma: throw unexpected(token)
    }
  }

  /// The fields that follow without a space: `.a.b`.
  private mutating func path() -> [String] {
    var names: [String] = []
    while let token = next, !token.followsSpace, case .field(let name) = token.kind {
      names.append(name)
      position += 1
    }
    return names
  }

  private func unchained(_ operand: TemplateOperand) throws(TemplateSyntaxError) -> TemplateOperand {
    if let next, !next.followsSpace, case .field = next.kind { throw unexpected(next) }
    return operand
  }

  private mutating func function(_ name: String, at offset: Int) throws(TemplateSyntaxError) -> TemplateOperand {
    if let function = TemplateFunction(rawValue: name) { return try unchained(.function(function)) }
    guard TemplateFunction.ofTheFullLanguage.contains(name) else { throw .init(.unknownFunction(name), at: offset) }
    note(name)
    return .none
  }

  private func field(_ name: String, path: [String], written: String) -> TemplateOperand {
    let whole = written + path.map { "." + $0 }.joined()
    guard let field = TemplateField(field: name) else { return .unknownField(name, written: whole) }
    return .field(field, path: path, written: whole)
  }

  private mutating func variable(_ name: String, at offset: Int) throws(TemplateSyntaxError) -> TemplateOperand {
    var path = path()
    if let field = TemplateField(variable: name), !declared.contains(name), !newlyDeclared.contains(name) {
      return .field(field, path: path, written: name + path.map { "." + $0 }.joined())
    }
    if name == "$" {
      guard !path.isEmpty else {
        note(name)
        return .none
      }
      let first = path.removeFirst()
      return field(first, path: path, written: "$." + first)
    }
    guard isKnown(name) else { throw .init(.undefinedVariable(name), at: offset) }
    note(name)
    return .none
  }

  private mutating func parenthesised(_ offset: Int) throws(TemplateSyntaxError) -> TemplateOperand {
    depth += 1
    guard depth <= Self.depthLimit else { throw .init(.tooDeep(limit: Self.depthLimit), at: offset) }
    let inner = try pipeline(within: offset)
    depth -= 1
    position += 1
    return .parenthesised(inner, path: path())
  }

  private func unexpected(_ token: TemplateToken) -> TemplateSyntaxError {
    .init(.unexpected(token.kind.words), at: token.range.lowerBound)
  }
}

extension TemplateToken.Kind {
  fileprivate var words: String {
    switch self {
    case .identifier(let name), .variable(let name): name
    case .field(let name): "." + name
    case .dot: "."
    case .pipe: "|"
    case .leftParenthesis: "("
    case .rightParenthesis: ")"
    case .declare: ":="
    case .assign: "="
    case .comma: ","
    case .string(let text): text.quotedAsGo
    case .integer(let number): String(number)
    case .float(let number): number.printedAsGo
    }
  }
}
