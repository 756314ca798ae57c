import Model

/// Why an expansion ends before its end.
enum TemplateStop: Error {
  case failed(TemplateRenderError)
  /// The template asks a query whose answer isn't there.
  case needs(String)
}

/// One expansion of a template: walks the nodes, keeps the variables, counts what it takes.
struct TemplateRun {
  /// Blocks, calls and parentheses within one another, so that no template exhausts the thread's stack.
  private static let nestingLimit = 300

  /// How a list of nodes ended.
  enum Flow {
    case next, breakOut, continueLoop
  }

  let scene: TemplateScene
  private let template: Template
  private let library: TemplateLibrary
  private var output: BoundedText
  /// Where in a page the output stands; `nil` where it is none.
  private var page: HTMLPlace?
  private var variables: [(number: Int, value: TemplateValue)]
  private var steps = 0
  private var nesting = 0
  private var callDepth = 0
  /// The name and text of what is executing, for errors.
  private var executing: String
  private var text: String

  init(_ template: Template, in scene: TemplateScene, library: TemplateLibrary) {
    self.template = template
    self.scene = scene
    self.library = library
    output = BoundedText(limit: scene.limits.bytes)
    page = scene.markup == .html ? HTMLPlace() : nil
    executing = scene.name
    text = template.text
    variables = [(TemplateVariable.root, scene.root)]
    guard case .object(let root) = scene.root else { return }
    for (index, variable) in template.functions.variables.enumerated() {
      variables.append((index + 1, root.field(variable.field) ?? .none))
    }
  }

  /// The whole text.
  mutating func run() throws(TemplateStop) -> String {
    _ = try walk(template.nodes, dot: scene.root)
    return output.text
  }

  // MARK: - Counting

  /// Counts a step, and what it works through in bytes.
  mutating func step(_ operand: TemplateOperand?, bytes: Int = 0) throws(TemplateStop) {
    steps += 1 + (bytes + variables.count) / 64
    guard steps <= scene.limits.steps else {
      throw failure(at: operand, "the template takes more than \(scene.limits.steps) steps; loop over less")
    }
  }

  mutating func nest<Value>(
    _ operand: TemplateOperand?, _ body: (inout TemplateRun) throws(TemplateStop) -> Value
  ) throws(TemplateStop) -> Value {
    nesting += 1
    guard nesting <= Self.nestingLimit else {
      throw failure(at: operand, "blocks, templates and parentheses nest deeper than \(Self.nestingLimit)")
    }
    let value = try body(&self)
    nesting -= 1
    return value
  }

  // MARK: - Variables

  func value(of variable: TemplateVariable) -> TemplateValue? {
    variables.last { $0.number == variable.number }?.value
  }

  mutating func declare(_ variable: TemplateVariable, _ value: TemplateValue) {
    variables.append((variable.number, value))
  }

  /// Forgets what was declared since; after an error in a template called, there may be less already.
  private mutating func pop(to mark: Int) {
    variables.removeLast(max(0, variables.count - mark))
  }

  mutating func assign(_ variable: TemplateVariable, _ value: TemplateValue) throws(TemplateStop) {
    guard let index = variables.lastIndex(where: { $0.number == variable.number }) else {
      throw failure("undefined variable: \(variable.name)", at: variable.offset, context: variable.name)
    }
    variables[index].value = value
  }

  // MARK: - Nodes

  mutating func walk(_ nodes: [TemplateNode], dot: TemplateValue) throws(TemplateStop) -> Flow {
    for node in nodes {
      switch node {
      case .text(let text):
        output.append(text)
        page?.read(text)
        if output.isCut { throw tooLong(nil) }
      case .action(let pipeline):
        let value = try evaluate(pipeline, dot: dot)
        if pipeline.variables.isEmpty { try print(value, pipeline) }
      case .branch(let branch):
        let flow = try walk(branch, dot: dot)
        guard flow == .next else { return flow }
      case .loop(let loop):
        let flow = try walk(loop, dot: dot)
        guard flow == .next else { return flow }
      case .invocation(let invocation): try invoke(invocation, dot: dot)
      case .breakOut: return .breakOut
      case .continueLoop: return .continueLoop
      }
    }
    return .next
  }

  private mutating func print(_ value: TemplateValue, _ pipeline: TemplatePipeline) throws(TemplateStop) {
    if page != nil { return try printEscaped(value, pipeline) }
    switch value {
    case .none: output.append("<no value>")
    case .string(let text): output.append(text)
    default: GoFormat().append(value, verb: "v", to: &output)
    }
    if output.isCut { throw tooLong(pipeline.commands.first?.operands.first) }
  }

  /// Prints a value into a page: as text, wherever in the page it stands.
  private mutating func printEscaped(_ value: TemplateValue, _ pipeline: TemplatePipeline) throws(TemplateStop) {
    let operand = pipeline.commands.first?.operands.first
    var printed = BoundedText(limit: scene.limits.bytes)
    var trust: TrustedText.Kind?
    switch value {
    case .none: break
    case .string(let text): printed.append(text)
    case .object(let object as TrustedText):
      trust = object.kind
      printed.append(object.content)
    default: GoFormat().append(value, verb: "v", to: &printed)
    }
    if case .function(let function)? = pipeline.commands.last?.operands.first?.kind { trust = trust ?? function.trust }
    let text = page?.write(printed.text, trust) ?? ""
    try step(operand, bytes: text.utf8.count)
    output.append(text)
    if output.isCut || printed.isCut { throw tooLong(operand) }
  }

  private func tooLong(_ operand: TemplateOperand?) -> TemplateStop {
    failure(at: operand, "the text is longer than \(scene.limits.bytes) bytes")
  }

  private mutating func walk(_ branch: TemplateBranch, dot: TemplateValue) throws(TemplateStop) -> Flow {
    let mark = variables.count
    defer { pop(to: mark) }
    for arm in branch.arms {
      let value = try evaluate(arm.condition, dot: dot)
      guard value.isTrue else { continue }
      let inner = branch.rebindsDot ? value : dot
      return try nest(nil) { run throws(TemplateStop) in try run.walk(arm.body, dot: inner) }
    }
    return try nest(nil) { run throws(TemplateStop) in try run.walk(branch.otherwise, dot: dot) }
  }

  private mutating func walk(_ loop: TemplateLoop, dot: TemplateValue) throws(TemplateStop) -> Flow {
    let mark = variables.count
    defer { pop(to: mark) }
    let value = try evaluate(loop.pipeline, dot: dot)
    var isEmpty = true
    switch value.bare {
    case .none: break
    case .list(let list):
      for (index, element) in list.elements.enumerated() {
        isEmpty = false
        guard try iterate(loop, .integer(index), element) else { break }
      }
    case .labels(let labels):
      for pair in labels.pairs {
        isEmpty = false
        guard try iterate(loop, .string(pair.name), .string(pair.value)) else { break }
      }
    case .map(let map):
      for pair in map.pairs {
        isEmpty = false
        guard try iterate(loop, .string(pair.name), pair.value) else { break }
      }
    case .integer(let count):
      guard loop.pipeline.variables.count < 2 else {
        throw failure(at: loop.pipeline.lastOperand, "can't use \(count) to iterate over more than one variable")
      }
      for number in 0..<max(0, count) {
        isEmpty = false
        guard try iterate(loop, .integer(number), .integer(number)) else { break }
      }
    default:
      let words = (try? GoPrinter.print([value], limit: 200)) ?? value.typeName
      throw failure(at: loop.pipeline.lastOperand, "range can't iterate over \(words)")
    }
    guard isEmpty else { return .next }
    return try nest(nil) { run throws(TemplateStop) in try run.walk(loop.otherwise, dot: dot) }
  }

  /// One round of a loop; `false` after `break`.
  private mutating func iterate(
    _ loop: TemplateLoop, _ index: TemplateValue, _ element: TemplateValue
  ) throws(TemplateStop) -> Bool {
    try step(loop.pipeline.lastOperand)
    let names = loop.pipeline.variables
    let mark = variables.count
    if let last = names.last {
      if loop.pipeline.assigns {
        if names.count > 1 { try assign(names[0], index) }
        try assign(last, element)
      } else {
        // The pipeline has put them on top, the element's last.
        variables[mark - 1].value = element
        if names.count > 1 { variables[mark - 2].value = index }
      }
    }
    let flow = try nest(nil) { run throws(TemplateStop) in try run.walk(loop.body, dot: element) }
    pop(to: mark)
    return flow != .breakOut
  }

  private mutating func invoke(_ invocation: TemplateInvocation, dot: TemplateValue) throws(TemplateStop) {
    let operand = TemplateOperand(
      kind: .none, offset: invocation.offset, written: invocation.description)
    try step(operand)
    guard let (definition, source) = library.definition(invocation.name, of: template) else {
      throw failure(at: operand, "template \(invocation.name.quotedAsGo) not defined")
    }
    guard callDepth < scene.limits.depth else {
      throw failure(at: operand, "exceeded maximum template depth (\(scene.limits.depth))")
    }
    let argument = try invocation.argument.map { pipeline throws(TemplateStop) in
      try evaluate(pipeline, dot: dot)
    }
    let saved = (variables, executing, text)
    variables = [(TemplateVariable.root, argument ?? .none)]
    executing = invocation.name
    text = source
    callDepth += 1
    _ = try nest(operand) { run throws(TemplateStop) in try run.walk(definition.nodes, dot: argument ?? .none) }
    callDepth -= 1
    (variables, executing, text) = saved
  }

  // MARK: - Errors

  func failure(at operand: TemplateOperand?, _ message: String) -> TemplateStop {
    failure(message, at: operand?.offset ?? 0, context: operand?.written ?? "")
  }

  func failure(_ message: String, at offset: Int, context: String) -> TemplateStop {
    let isRule = template.functions.root == .rule
    return .failed(
      TemplateRenderError(
        message: message, offset: offset, context: context, executing: executing,
        place: TemplatePlace(of: offset, in: text, isRule: isRule)))
  }
}

extension TemplatePipeline {
  /// What Go names last before the pipeline has its value.
  var lastOperand: TemplateOperand? { commands.last?.operands.last }
}

extension TemplateInvocation: CustomStringConvertible {
  /// As Go prints it in error texts.
  var description: String {
    "{{template " + name.quotedAsGo + (argument.map { " " + $0.description } ?? "") + "}}"
  }
}
