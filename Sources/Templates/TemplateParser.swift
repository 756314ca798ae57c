/// Reads a template from front to back into nodes.
///
/// What needs the full language is checked for its syntax as far as it can be and kept as it is written.
struct TemplateParser {
  private let bytes: [UInt8]
  private(set) var nodes: [TemplateNode] = []
  private(set) var unsupported: [Template.Unsupported] = []
  /// Variables declared anywhere in the template.
  private var declared: Set<String> = []
  /// The blocks that wait for their `end`.
  private var blocks: [(word: String, offset: Int)] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func parse() throws(TemplateSyntaxError) {
    var lexer = TemplateLexer(bytes: bytes, offset: 0)
    var trimsBefore = false
    while true {
      let start = lexer.offset
      while lexer.offset < bytes.count, !lexer.has("{{", at: lexer.offset) { lexer.offset += 1 }
      let opening = lexer.offset
      guard opening < bytes.count else {
        appendText(start..<opening, trimsStart: trimsBefore, trimsEnd: false)
        break
      }
      let trims = lexer.has("{{-", at: opening) && opening + 3 < bytes.count && bytes[opening + 3].isTemplateSpace
      appendText(start..<opening, trimsStart: trimsBefore, trimsEnd: trims)
      var action = TemplateLexer(bytes: bytes, offset: opening + (trims ? 4 : 2))
      if action.has("/*", at: action.offset) {
        try action.skipComment()
      } else {
        let tokens = try action.tokens()
        try parseAction(tokens, opening..<action.offset)
      }
      trimsBefore = action.trimsAfter
      lexer.offset = action.offset
    }
    if let block = blocks.last { throw .init(.unclosedBlock(block.word), at: block.offset) }
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
    var reader = PipelineReader(tokens: tokens, end: range.upperBound - 2, declared: declared)
    // Within a block nothing is expanded, since the block stays as it is written.
    let isInsideBlock = !blocks.isEmpty
    if case .identifier(let word) = first.kind, TemplateFunction.keywords.contains(word) {
      try parseKeyword(word, at: first.range.lowerBound, &reader)
      keepRaw(range, because: isInsideBlock ? nil : word)
    } else {
      let pipeline = try reader.wholePipeline()
      declared.formUnion(reader.newlyDeclared)
      if isInsideBlock || reader.unsupported != nil {
        keepRaw(range, because: isInsideBlock ? nil : reader.unsupported)
      } else {
        nodes.append(.action(pipeline))
      }
    }
  }

  private mutating func keepRaw(_ range: Range<Int>, because construct: String?) {
    nodes.append(.raw(String(decoding: bytes[range], as: UTF8.self)))
    if let construct { unsupported.append(Template.Unsupported(construct: construct, offset: range.lowerBound)) }
  }

  private mutating func parseKeyword(
    _ word: String, at offset: Int, _ reader: inout PipelineReader
  ) throws(TemplateSyntaxError) {
    reader.skip()
    switch word {
    case "if", "with", "range":
      blocks.append((word, offset))
      _ = try reader.wholePipeline()
    case "else":
      guard let block = blocks.last, ["if", "with", "range"].contains(block.word) else {
        throw .init(.withoutBlock(word), at: offset)
      }
      if reader.skip(word: "if") || reader.skip(word: "with") { _ = try reader.wholePipeline() }
      try reader.expectEnd()
    case "end":
      guard blocks.popLast() != nil else { throw .init(.withoutBlock(word), at: offset) }
      try reader.expectEnd()
    case "define", "block":
      blocks.append((word, offset))
      try reader.expectString()
      if word == "block" { _ = try reader.wholePipeline() }
      try reader.expectEnd()
    case "template":
      try reader.expectString()
      if !reader.isAtEnd { _ = try reader.wholePipeline() }
    default:
      guard blocks.contains(where: { $0.word == "range" }) else { throw .init(.withoutBlock(word), at: offset) }
      try reader.expectEnd()
    }
    declared.formUnion(reader.newlyDeclared)
  }
}
