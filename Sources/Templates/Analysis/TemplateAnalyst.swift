/// Walks a template as its expansion does, with shapes in place of values.
struct TemplateAnalyst {
  /// Definitions are looked at for each of their callers, to this depth and this often.
  private static let callDepthLimit = 8
  private static let callLimit = 200
  /// After so many nodes definitions are looked at no more for each caller.
  private static let visitLimit = 100_000
  /// Blocks and calls within one another, so that no template exhausts the thread's stack.
  private static let nestingLimit = 200
  /// Findings beyond these are not told.
  private static let findingLimit = 50

  let functions: TemplateFunctionSet
  private let definitions: [String: TemplateDefinition]
  private let library: TemplateLibrary
  private(set) var analysis = TemplateAnalysis()
  private var variables: [(number: Int, shape: TemplateShape)]
  private var callDepth = 0
  private var calls = 0
  private var visits = 0
  private var nesting = 0
  private var called: Set<String> = []
  private var told: Set<TemplateFinding> = []
  private var seen: Set<Sighting> = []
  /// Branches, loops and the like around the place looked at: what stands in them may never be reached.
  private(set) var conditions = 0
  /// Whether what the dot is has been guessed by the fields that are asked for.
  private(set) var isGuessing = false

  /// Which list of the analysis a use belongs to.
  enum UseKind {
    case label, externalLabel, query, call
  }

  private struct Sighting: Hashable {
    var kind: UseKind
    var use: TemplateAnalysis.Use
  }

  init(definitions: [String: TemplateDefinition], functions: TemplateFunctionSet, library: TemplateLibrary) {
    self.definitions = definitions
    self.functions = functions
    self.library = library
    variables = [(TemplateVariable.root, functions.root.shape)]
    variables.reserveCapacity(1 + functions.variables.count)
    for (index, variable) in functions.variables.enumerated() {
      variables.append((index + 1, functions.root.shape.field(variable.field) ?? .unknown))
    }
  }

  mutating func look(at nodes: [TemplateNode]) {
    walk(nodes, dot: functions.root.shape)
    if !definitions.isEmpty {
      for definition in definitions.values.sorted(by: { $0.offset < $1.offset })
      where !called.contains(definition.name) {
        // Who calls it, and with what, stands elsewhere.
        let shape = functions.root == .notification ? TemplateShape(guessedFrom: definition.nodes) : .unknown
        variables = [(TemplateVariable.root, shape)]
        isGuessing = true
        considering { $0.walk(definition.nodes, dot: shape) }
        isGuessing = false
      }
    }
    if analysis.findings.count > 1 { analysis.findings.sort { $0.offset < $1.offset } }
  }

  // MARK: - Notes

  mutating func tell(_ finding: TemplateFinding) {
    guard told.count < Self.findingLimit else { return }
    var finding = finding
    finding.isCertain = conditions == 0
    if told.insert(finding).inserted { analysis.findings.append(finding) }
  }

  /// Looks at what may never be reached.
  mutating func considering<Result>(_ body: (inout TemplateAnalyst) -> Result) -> Result {
    conditions += 1
    defer { conditions -= 1 }
    return body(&self)
  }

  mutating func note(_ name: String, at offset: Int, as kind: UseKind) {
    let use = TemplateAnalysis.Use(name: name, offset: offset)
    // Only definitions are walked more than once.
    guard calls == 0 || seen.insert(Sighting(kind: kind, use: use)).inserted else { return }
    switch kind {
    case .label: analysis.labelUses.append(use)
    case .externalLabel: analysis.externalLabelUses.append(use)
    case .query: analysis.queries.append(use)
    case .call: analysis.calls.append(use)
    }
  }

  mutating func depends(on dependency: TemplateDependencies) {
    analysis.dependencies.formUnion(dependency)
  }

  /// The root object goes where its fields can't be followed.
  mutating func escapes(_ shape: TemplateShape) {
    switch shape {
    case .rule: depends(on: .value)
    case .map(let fields): for field in fields.values { escapes(field) }
    default: break
    }
  }

  // MARK: - Variables

  func shape(of variable: TemplateVariable) -> TemplateShape {
    variables.last { $0.number == variable.number }?.shape ?? .unknown
  }

  /// Declares or assigns the variables of a pipeline; what is assigned in some branch only is known no more.
  private mutating func bind(_ pipeline: TemplatePipeline, _ shapes: [TemplateShape]) {
    for (variable, shape) in zip(pipeline.variables, shapes) {
      guard pipeline.assigns else {
        variables.append((variable.number, shape))
        continue
      }
      guard let index = variables.lastIndex(where: { $0.number == variable.number }) else {
        tell(
          TemplateFinding(
            .undefinedVariable, at: variable.offset, "'\(variable.name)' is assigned but not declared",
            fix: "declare it with ':='"))
        continue
      }
      variables[index].shape = variables[index].shape.joined(with: shape)
    }
  }

  // MARK: - Nodes

  private mutating func walk(_ nodes: [TemplateNode], dot: TemplateShape) {
    nesting += 1
    defer { nesting -= 1 }
    visits += nodes.count
    // What isn't looked at may depend on anything.
    guard nesting <= Self.nestingLimit else { return depends(on: [.value, .queries, .time]) }
    for node in nodes {
      switch node {
      case .text, .breakOut, .continueLoop: break
      case .action(let pipeline):
        let shape = shape(of: pipeline, dot: dot)
        bind(pipeline, [shape])
        if pipeline.variables.isEmpty { escapes(shape) }
      case .branch(let branch): walk(branch, dot: dot)
      case .loop(let loop): walk(loop, dot: dot)
      case .invocation(let invocation): walk(invocation, dot: dot)
      }
    }
  }

  /// Goes into a block, whose variables end with it.
  private mutating func enter(_ nodes: [TemplateNode], dot: TemplateShape) {
    let mark = variables.count
    considering { $0.walk(nodes, dot: dot) }
    variables.removeLast(variables.count - mark)
  }

  private mutating func walk(_ branch: TemplateBranch, dot: TemplateShape) {
    let mark = variables.count
    for (index, arm) in branch.arms.enumerated() {
      let shape =
        index == 0
        ? shape(of: arm.condition, dot: dot) : considering { $0.shape(of: arm.condition, dot: dot) }
      bind(arm.condition, [shape])
      enter(arm.body, dot: branch.rebindsDot ? shape : dot)
    }
    enter(branch.otherwise, dot: dot)
    variables.removeLast(variables.count - mark)
  }

  private mutating func walk(_ loop: TemplateLoop, dot: TemplateShape) {
    let mark = variables.count
    let shape = shape(of: loop.pipeline, dot: dot)
    escapes(shape)
    let element: TemplateShape
    let index: TemplateShape
    switch shape {
    case .labels, .externalLabels, .sampleLabels, .namedValues: (element, index) = (.text(nil), .text(nil))
    case _ where shape.element != nil: (element, index) = (shape.element ?? .unknown, .integer(nil))
    default:
      (element, index) = (.unknown, .unknown)
      if let type = shape.typeName, shape.isSingle {
        tell(
          TemplateFinding(
            .argumentType, at: loop.pipeline.offset,
            "'range' can't go over a \(type): '\(loop.pipeline)'; it takes lists, maps and whole numbers"))
      }
    }
    bind(loop.pipeline, loop.pipeline.variables.count > 1 ? [index, element] : [element])
    enter(loop.body, dot: element)
    enter(loop.otherwise, dot: dot)
    variables.removeLast(variables.count - mark)
  }

  private mutating func walk(_ invocation: TemplateInvocation, dot: TemplateShape) {
    let argument = invocation.argument.map { pipeline in
      let shape = shape(of: pipeline, dot: dot)
      bind(pipeline, [shape])
      return shape
    }
    guard let definition = definitions[invocation.name] else {
      note(invocation.name, at: invocation.offset, as: .call)
      escapes(argument ?? .unknown)
      if told.count < Self.findingLimit, !library.contains(invocation.name) { tell(undefined(invocation)) }
      return
    }
    called.insert(invocation.name)
    calls += 1
    guard callDepth < Self.callDepthLimit, calls <= Self.callLimit, visits <= Self.visitLimit else {
      return escapes(argument ?? .unknown)
    }
    let saved = variables
    variables = [(TemplateVariable.root, argument ?? .unknown)]
    callDepth += 1
    walk(definition.nodes, dot: argument ?? .unknown)
    callDepth -= 1
    variables = saved
  }

  private func undefined(_ invocation: TemplateInvocation) -> TemplateFinding {
    let near = nearest(to: invocation.name, among: definitions.keys.sorted() + library.names)
    return TemplateFinding(
      .undefinedTemplate, at: invocation.offset, "no template is named \(invocation.name.quotedForTemplates)",
      fix: near.map { "did you mean \($0.quotedForTemplates)?" })
  }
}

extension TemplateFunctionSet.Root {
  var shape: TemplateShape {
    switch self {
    case .rule: .rule
    case .notification: .notification
    }
  }
}

extension String {
  /// In double quotes, as a template's name is written.
  fileprivate var quotedForTemplates: String { "\"" + self + "\"" }
}
