import Model
package import PromQL
import Synchronization

extension SampleStore {
  /// The series that a selector needs, with their samples in the window, in any order; staleness markers included.
  ///
  /// Reads the file only for what isn't in memory. `limit` is the most samples that are given.
  /// - Throws: ``EvaluationError/tooManySamples(limit:)``; ``EvaluationError/failed(_:)`` when the file can't be read:
  ///   an answer without it would look whole.
  @concurrent
  package func select(_ selection: Selection, limit: Int = .max) async throws(EvaluationError) -> [SampleSeries] {
    let after = selection.after.millisecondsSinceEpoch
    let through = selection.through.millisecondsSinceEpoch
    guard after < through else { return [] }
    var gathered = gather(selection.matchers, after, through)
    try await readFile(&gathered, after, through)
    return try decode(gathered, after, through, limit: limit)
  }

  /// The series in memory that a selector needs: all that there are in a store without a file.
  func selectInMemory(_ selection: Selection) throws(EvaluationError) -> [SampleSeries] {
    let after = selection.after.millisecondsSinceEpoch
    let through = selection.through.millisecondsSinceEpoch
    return try decode(gather(selection.matchers, after, through), after, through, limit: .max)
  }

  private func gather(_ matchers: [Matcher], _ after: Int64, _ through: Int64) -> [GatheredChunks] {
    let references = references(matching: matchers)
    var gathered: [GatheredChunks] = []
    // Appending waits for some of the series at a time.
    for start in stride(from: 0, to: references.count, by: Self.gatheredAtOnce) {
      let part = references[start..<min(start + Self.gatheredAtOnce, references.count)]
      gathered += head.withLock { $0.gather(part, after: after, through: through) }
    }
    return gathered
  }

  private static let gatheredAtOnce = 4096
  /// Of so few series the labels are looked at, where more are narrowed down by the index.
  private static let fewSeries = 64

  private func references(matching matchers: [Matcher]) -> [SeriesReference] {
    let others = matchers.filter { !$0.isLookup }
    // Patterns are tried outside of the lock, so that appending doesn't wait for them; and on no copy of the index
    // where that can be: the next series to come would have to copy it all.
    let (found, candidates, index) = head.withLock {
      head -> ([SeriesReference], [(reference: SeriesReference, labels: Labels)], SeriesIndex?) in
      guard let places = head.index.places(equalIn: matchers) else { return ([], [], head.index.forMatching) }
      if others.isEmpty { return (places.map(head.index.reference), [], nil) }
      guard places.count <= Self.fewSeries else { return ([], [], head.index.forMatching) }
      return ([], places.map { (head.index.reference($0), head.index.labels[Int($0)]) }, nil)
    }
    if let index { return index.places(matching: matchers).map(index.reference) }
    if others.isEmpty { return found }
    return candidates.filter { candidate in others.allSatisfy { $0.accepts(candidate.labels) } }.map(\.reference)
  }

  private func readFile(
    _ gathered: inout [GatheredChunks], _ after: Int64, _ through: Int64
  ) async throws(EvaluationError) {
    guard let file else { return }
    let places = gathered.indices.filter { gathered[$0].diskThrough != nil }.sorted {
      gathered[$0].id < gathered[$1].id
    }
    guard !places.isEmpty else { return }
    let wanted = places.map { ChunkFile.Wanted(series: gathered[$0].id, through: gathered[$0].diskThrough ?? .min) }
    do {
      let (chunks, damaged) = try await file.chunks(wanted, after: after, through: through)
      for (place, found) in zip(places, chunks) { gathered[place].chunks = found + gathered[place].chunks }
      if damaged > 0 { head.withLock { $0.damagedChunks += damaged } }
    } catch {
      throw .failed(error.description)
    }
  }

  private func decode(
    _ gathered: [GatheredChunks], _ after: Int64, _ through: Int64, limit: Int
  ) throws(EvaluationError) -> [SampleSeries] {
    var (series, room) = ([SampleSeries](), limit)
    series.reserveCapacity(gathered.count)
    var decoder = ChunkDecoder(after: after, through: through)
    for item in gathered {
      let (times, values) = decoder.decode(item.chunks)
      guard !times.isEmpty else { continue }
      room -= times.count
      guard room >= 0 else { throw .tooManySamples(limit: limit) }
      series.append(SampleSeries(item.labels, times: times, values: values))
    }
    if decoder.damaged > 0 { head.withLock { [damaged = decoder.damaged] in $0.damagedChunks += damaged } }
    return series
  }
}

/// A store without a file as a source of series that needs no waiting.
package struct MemorySource: SeriesSource {
  private let store: SampleStore

  /// Of a store with a file, only what is in memory is seen.
  package init(_ store: SampleStore) {
    self.store = store
  }

  package func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries] {
    try store.selectInMemory(selection)
  }
}
