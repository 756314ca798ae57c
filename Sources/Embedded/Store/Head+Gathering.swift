import Model

/// Chunks of one series that are in memory, and what must be read from the file before them.
struct GatheredChunks: Sendable {
  var id: Int64
  var labels: Labels
  /// The file has chunks that end at this time or before and aren't in `chunks`; `nil` when none is wanted.
  var diskThrough: Int64?
  var chunks: [Chunk]
}

extension Head {
  /// What there is of the series at `places`, as far as it lies in the window; the chunks' memory is shared.
  func gather(_ places: ArraySlice<SeriesReference>, after: Int64, through: Int64) -> [GatheredChunks] {
    var gathered: [GatheredChunks] = []
    gathered.reserveCapacity(places.count)
    for reference in places where index.isCurrent(reference) {
      let place = Int(reference.place)
      guard series[place].last > after else { continue }
      let disk = series[place].diskThrough > after ? series[place].diskThrough : nil
      let chunks = series[place].chunks(after, through)
      guard disk != nil || !chunks.isEmpty else { continue }
      gathered.append(
        GatheredChunks(id: series[place].id, labels: index.labels[place], diskThrough: disk, chunks: chunks))
    }
    return gathered
  }
}
