import Model

extension Evaluation {
  /// `info`: each series with the labels of the info series that has the same `instance` and `job`.
  mutating func info(_ plan: InfoPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let base = try vector(plan.base, on: grid)
    defer { release(base.values.count) }
    let isInfo = base.series.map { plan.names.accept(named: $0.labels) }
    let infos = try infoTimes(plan, base, isInfo, on: grid)
    defer { release(infos.values.count) }
    var join = InfoJoin(plan, base, infos, isInfo)
    for step in 0..<grid.count {
      let before = join.result.matrix.values.count
      try join.join(at: step)
      try hold(join.result.matrix.values.count - before)
    }
    return join.result.matrix
  }

  /// The info series that may belong to the base, with the times of their samples as values.
  private mutating func infoTimes(
    _ plan: InfoPlan, _ base: StepMatrix, _ isInfo: [Bool], on grid: StepGrid
  ) throws(EvaluationError) -> StepMatrix {
    let lookback = settings.lookback.wholeMilliseconds
    var wanted: [String: Set<String>] = [:]
    for row in 0..<base.count where !isInfo[row] {
      for name in InfoJoin.identifying {
        let value = base.series[row].labels[name]
        if !value.isEmpty { wanted[name, default: []].insert(value) }
      }
    }
    var infos = StepMatrix(steps: grid.count)
    guard !wanted.isEmpty else { return infos }
    for series in try read(plan.selection) where wanted.allSatisfy({ $1.contains(series.labels[$0]) }) {
      try hold(grid.count)
      infos.append(StepSeries(labels: series.labels)) { series.fillTimes(plan.shift, lookback, on: grid, into: $0) }
    }
    return infos
  }
}

extension [Matcher] {
  fileprivate func accept(named labels: Labels) -> Bool { allSatisfy { $0.accepts(labels[.nameLabel]) } }
}

/// Joins series with info series, step by step.
struct InfoJoin {
  /// The labels that tell which info series belongs to a series.
  static let identifying = ["instance", "job"]

  private let plan: InfoPlan
  private let base: StepMatrix
  private let infos: StepMatrix
  private let isInfo: [Bool]
  private(set) var result: RowCollector
  private let dataNames: Set<String>
  /// What tells the identifying labels apart, for each row.
  private var baseNumbers: [Int] = []
  private var infoNumbers: [Int] = []
  /// The names of info series, sorted.
  private let names: [String]

  init(_ plan: InfoPlan, _ base: StepMatrix, _ infos: StepMatrix, _ isInfo: [Bool]) {
    self.plan = plan
    self.base = base
    self.infos = infos
    self.isInfo = isInfo
    result = RowCollector(steps: base.steps)
    dataNames = Set(plan.data.map(\.name))
    names = Set(infos.series.map { $0.labels[.nameLabel] }).sorted()
    var numbers = LabelNumbers(LabelChoice(keeping: true, Self.identifying))
    baseNumbers = base.series.map { numbers.number($0.labels) }
    infoNumbers = infos.series.map { numbers.number($0.labels) }
  }

  private struct Key: Hashable {
    var name: String
    var number: Int
  }

  mutating func join(at step: Int) throws(EvaluationError) {
    let rows = (0..<base.count).filter { !base[$0, step].isAbsent }
    guard !rows.isEmpty else { return }
    let newest = try newestInfos(at: step)
    for row in rows {
      guard let labels = try labels(of: row, newest) else { continue }
      let target = result.row(StepSeries(labels: labels, dropsName: base.series[row].dropsName))
      try result.set(base[row, step], row: target, step: step)
    }
  }

  /// The info series with the latest sample, of those with the same name and identifying labels.
  private func newestInfos(at step: Int) throws(EvaluationError) -> [Key: Int] {
    var newest: [Key: Int] = [:]
    for row in 0..<infos.count where !infos[row, step].isAbsent {
      let labels = infos.series[row].labels
      let key = Key(name: labels[.nameLabel], number: infoNumbers[row])
      if let other = newest[key] {
        let (time, earlier) = (infos[row, step], infos[other, step])
        guard time != earlier else {
          let text = infos.series[other].labels.prometheusText
          throw .failed(
            "found duplicate series for info metric: existing \(text) @ \(Int64(earlier)), "
              + "new \(labels.prometheusText) @ \(Int64(time))")
        }
        if time < earlier { continue }
      }
      newest[key] = row
    }
    return newest
  }

  /// The labels of a series with those of its info series; `nil` when it must have one and has none.
  private func labels(of row: Int, _ newest: [Key: Int]) throws(EvaluationError) -> Labels? {
    let labels = base.series[row].labels
    guard !isInfo[row] else { return labels }
    var added = Labels.empty
    var isMatched = false
    for name in names {
      guard let info = newest[Key(name: name, number: baseNumbers[row])] else { continue }
      isMatched = true
      for pair in infos.series[info].labels.pairs
      where pair.name != .nameLabel && (dataNames.isEmpty || dataNames.contains(pair.name)) {
        let known = added[pair.name]
        guard known.isEmpty || known == pair.value else { throw .failed("conflicting label: \(pair.name)") }
        if !labels.contains(pair.name) { added[pair.name] = pair.value }
      }
    }
    guard isMatched || plan.data.allSatisfy({ $0.accepts("") }) else { return nil }
    return labels.filled(from: added)
  }
}
