/// A block that waits for its `end`.
struct OpenBlock {
  enum Kind {
    case branch(TemplateBranch, condition: TemplatePipeline?)
    case loop(TemplatePipeline, body: [TemplateNode])
    case definition(name: String, argument: TemplatePipeline?)
  }

  var kind: Kind
  /// The word that began it, for texts.
  var word: String
  /// Where it begins or, of definitions, where its name stands, in bytes.
  var offset: Int
  /// What surrounds it: nodes and variables, to go on with behind its `end`.
  var outerNodes: [TemplateNode]
  var outerDepth: Int
  /// What was declared around a definition, which sees nothing of it.
  var hidden: TemplateScope.Mark?
  var hasElse = false
}

/// Actions that begin, divide and end blocks.
extension TemplateParser {
  mutating func parse(
    _ keyword: TemplateKeyword, at offset: Int, _ reader: inout PipelineReader
  ) throws(TemplateSyntaxError) {
    switch keyword {
    case .if, .with, .range: try openBlock(keyword, at: offset, &reader)
    case .else: try divide(at: offset, &reader)
    case .end:
      try reader.expectEnd()
      try close(at: offset)
    case .define:
      guard blocks.isEmpty else { throw .init(.nestedDefinition, at: offset) }
      try openDefinition(keyword, at: offset, &reader)
    case .block: try openDefinition(keyword, at: offset, &reader)
    case .template:
      let name = try reader.expectString()
      let argument = reader.isAtEnd ? nil : try reader.wholePipeline()
      nodes.append(.invocation(TemplateInvocation(name: name.text, offset: name.offset, argument: argument)))
    case .break, .continue:
      guard isWithinLoop else { throw .init(.outsideRange(keyword.rawValue), at: offset) }
      try reader.expectEnd()
      nodes.append(keyword == .break ? .breakOut : .continueLoop)
    }
  }

  private var isWithinLoop: Bool {
    for block in blocks.reversed() {
      switch block.kind {
      case .loop: if !block.hasElse { return true }
      case .definition: return false
      case .branch: break
      }
    }
    return false
  }

  private mutating func open(_ kind: OpenBlock.Kind, _ keyword: TemplateKeyword, at offset: Int, _ outerDepth: Int)
    throws(TemplateSyntaxError)
  {
    guard blocks.count < Self.blockLimit else { throw .init(.blocksTooDeep(limit: Self.blockLimit), at: offset) }
    blocks.append(
      OpenBlock(kind: kind, word: keyword.rawValue, offset: offset, outerNodes: nodes, outerDepth: outerDepth))
    nodes = []
  }

  private mutating func openBlock(
    _ keyword: TemplateKeyword, at offset: Int, _ reader: inout PipelineReader
  ) throws(TemplateSyntaxError) {
    let outerDepth = scope.depth
    var condition = TemplatePipeline(offset: offset)
    var problem: TemplateSyntaxError?
    // With a bad condition the block is a block all the same, so that its `end` is no second problem.
    do throws(TemplateSyntaxError) {
      condition = try reader.wholePipeline(isRange: keyword == .range)
    } catch {
      problem = error
    }
    let branch = TemplateBranch(rebindsDot: keyword == .with, arms: [], otherwise: [])
    let kind: OpenBlock.Kind = keyword == .range ? .loop(condition, body: []) : .branch(branch, condition: condition)
    try open(kind, keyword, at: offset, outerDepth)
    if let problem { throw problem }
  }

  private mutating func openDefinition(
    _ keyword: TemplateKeyword, at offset: Int, _ reader: inout PipelineReader
  ) throws(TemplateSyntaxError) {
    let name = try reader.expectString()
    var argument: TemplatePipeline?
    if keyword == .block { argument = try reader.wholePipeline() } else { try reader.expectEnd() }
    try open(.definition(name: name.text, argument: argument), keyword, at: name.offset, scope.depth)
    blocks[blocks.count - 1].hidden = scope.enter()
  }

  /// `else`, `else if`, `else with`.
  private mutating func divide(at offset: Int, _ reader: inout PipelineReader) throws(TemplateSyntaxError) {
    guard let last = blocks.indices.last, !blocks[last].hasElse, !blocks[last].isDefinition else {
      throw .init(.withoutBlock("else"), at: offset)
    }
    var condition: TemplatePipeline?
    if !blocks[last].isLoop, reader.skip(word: blocks[last].word) {
      condition = try reader.wholePipeline()
    } else {
      try reader.expectEnd()
    }
    // The block is taken out so that nothing is copied: chains of `else if` may be long.
    var block = blocks.removeLast()
    block.endPart(with: nodes, next: condition)
    block.hasElse = condition == nil
    blocks.append(block)
    nodes = []
  }

  private mutating func close(at offset: Int) throws(TemplateSyntaxError) {
    guard var block = blocks.popLast() else { throw .init(.withoutBlock("end"), at: offset) }
    let content = nodes
    nodes = []
    swap(&nodes, &block.outerNodes)
    if let hidden = block.hidden { scope.leave(hidden) } else { scope.restore(block.outerDepth) }
    switch block.kind {
    case .branch:
      if !block.hasElse { block.endPart(with: content, next: nil) }
      guard case .branch(var branch, _) = block.kind else { return }
      if block.hasElse { branch.otherwise = content }
      nodes.append(.branch(branch))
    case .loop(let pipeline, let body):
      nodes.append(
        .loop(
          TemplateLoop(
            pipeline: pipeline, body: block.hasElse ? body : content, otherwise: block.hasElse ? content : [])))
    case .definition(let name, let argument):
      try define(name, at: block.offset, content)
      guard block.word == "block" else { return }
      nodes.append(.invocation(TemplateInvocation(name: name, offset: block.offset, argument: argument)))
    }
  }
}

extension OpenBlock {
  fileprivate var isDefinition: Bool {
    if case .definition = kind { true } else { false }
  }

  fileprivate var isLoop: Bool {
    if case .loop = kind { true } else { false }
  }

  /// Keeps what stands before an `else` or the `end`; `next` is the condition of `else if`.
  fileprivate mutating func endPart(with nodes: [TemplateNode], next: TemplatePipeline?) {
    switch kind {
    case .definition: break
    case .loop(let pipeline, _): kind = .loop(pipeline, body: nodes)
    case .branch(var branch, let condition):
      // So that `branch` alone holds the arms, and appending doesn't copy them.
      kind = .definition(name: "", argument: nil)
      if let condition { branch.arms.append(.init(condition: condition, body: nodes)) }
      kind = .branch(branch, condition: next)
    }
  }
}
