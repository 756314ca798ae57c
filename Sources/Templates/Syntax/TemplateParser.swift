/// Reads a template: texts, actions and the blocks that they make.
///
/// Blocks wait on a stack of its own, so that no nesting exhausts the thread's; after a problem within an action
/// reading goes on behind it.
struct TemplateParser {
  /// Blocks within blocks.
  static let blockLimit = 100
  /// Problems beyond these are not told.
  private static let problemLimit = 20

  private let bytes: [UInt8]
  let functions: TemplateFunctionSet
  let scope: TemplateScope
  /// The nodes of the innermost open block, or of the template.
  var nodes: [TemplateNode] = []
  var blocks: [OpenBlock] = []
  private(set) var definitions: [String: TemplateDefinition] = [:]
  private(set) var problems: [TemplateSyntaxError] = []

  init(_ text: String, _ functions: TemplateFunctionSet) {
    bytes = Array(text.utf8)
    self.functions = functions
    scope = TemplateScope(predefined: functions.variables)
  }

  /// Reads the whole text; afterwards ``nodes``, ``definitions`` and ``problems`` hold what it gave.
  mutating func parse() {
    var lexer = TemplateLexer(bytes: bytes, offset: 0)
    var trimsBefore = false
    while problems.count < Self.problemLimit {
      let start = lexer.offset
      let opening = bytes.withUnsafeBufferPointer { $0.firstOpening(from: start) }
      guard opening < bytes.count else {
        appendText(start..<opening, trimsStart: trimsBefore, trimsEnd: false)
        break
      }
      let trims = lexer.has("{{-", at: opening) && opening + 3 < bytes.count && bytes[opening + 3].isTemplateSpace
      appendText(start..<opening, trimsStart: trimsBefore, trimsEnd: trims)
      var action = TemplateLexer(bytes: bytes, offset: opening + (trims ? 4 : 2))
      do throws(TemplateSyntaxError) {
        if action.has("/*", at: action.offset) {
          try action.skipComment()
        } else {
          let tokens = try action.tokens()
          try parseAction(tokens, opening..<action.offset)
        }
      } catch {
        problems.append(error)
        guard action.skipToClosing() else { return }
      }
      trimsBefore = action.trimsAfter
      lexer.offset = action.offset
    }
    if let block = blocks.last, problems.count < Self.problemLimit {
      problems.append(.init(.unclosedBlock(block.word), at: block.offset))
    }
  }

  private mutating func appendText(_ range: Range<Int>, trimsStart: Bool, trimsEnd: Bool) {
    var piece = bytes[range]
    if trimsStart { piece = piece.drop(while: \.isTemplateSpace) }
    if trimsEnd { while let last = piece.last, last.isTemplateSpace { piece.removeLast() } }
    if !piece.isEmpty { nodes.append(.text(String(decoding: piece, as: UTF8.self))) }
  }

  /// Reads one action, whose braces take `range`.
  private mutating func parseAction(_ tokens: [TemplateToken], _ range: Range<Int>) throws(TemplateSyntaxError) {
    guard let first = tokens.first else { throw .init(.emptyAction, at: range.lowerBound) }
    var reader = PipelineReader(tokens: tokens, end: range.upperBound - 2, functions: functions, scope: scope)
    if case .identifier(let word) = first.kind, let keyword = TemplateKeyword(rawValue: word) {
      reader.skip()
      try parse(keyword, at: first.range.lowerBound, &reader)
    } else {
      nodes.append(.action(try reader.wholePipeline()))
    }
  }

  /// Keeps the body of a `define` or `block`; of two with one name, one must be empty.
  mutating func define(_ name: String, at offset: Int, _ body: [TemplateNode]) throws(TemplateSyntaxError) {
    if let other = definitions[name], !other.nodes.allSatisfy(\.isBlank) {
      guard body.allSatisfy(\.isBlank) else { throw .init(.definedTwice(name), at: offset) }
      return
    }
    definitions[name] = TemplateDefinition(name: name, offset: offset, nodes: body)
  }
}

/// The words that begin an action which is more than a pipeline.
enum TemplateKeyword: String {
  case `if`, `else`, end, with, range, define, template, block, `break`, `continue`
}

extension TemplateNode {
  /// Whether it is nothing but white space.
  fileprivate var isBlank: Bool {
    guard case .text(let text) = self else { return false }
    return text.utf8.allSatisfy(\.isTemplateSpace)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where the next `{{` is; the end when there is none.
  fileprivate func firstOpening(from start: Int) -> Int {
    var offset = start
    while offset + 1 < count {
      if self[offset + 1] != UInt8(ascii: "{") {
        offset += 2
      } else if self[offset] == UInt8(ascii: "{") {
        return offset
      } else {
        offset += 1
      }
    }
    return count
  }
}
