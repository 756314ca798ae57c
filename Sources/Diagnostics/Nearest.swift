/// The word of `candidates` that `word` was most likely meant to be; `nil` when none is near.
///
/// Near means at most one slip in up to four letters, two in up to eight, three in longer words, a slip being a letter
/// too many, too few, wrong, or swapped with its neighbour; the case of letters doesn't count. Of equally near words
/// the first in byte order is taken.
package func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = word.lowercased().unicodeScalars.map(\.value)
  guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
  let limit = wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : 3
  var best: (distance: Int, word: String)?
  for candidate in candidates where candidate != word {
    let letters = candidate.lowercased().unicodeScalars.map(\.value)
    guard abs(letters.count - wanted.count) <= limit else { continue }
    let distance = editDistance(wanted, letters)
    guard distance <= limit, distance < wanted.count else { continue }
    if let best, (best.distance, best.word) <= (distance, candidate) { continue }
    best = (distance, candidate)
  }
  return best?.word
}

/// How many insertions, removals, replacements and swaps of neighbours lead from one word to the other.
///
/// The "optimal string alignment" distance: no part of the word is changed twice.
private func editDistance(_ from: [UInt32], _ to: [UInt32]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...to.count)
  for (row, letter) in from.enumerated() {
    var current = [row + 1]
    for (column, other) in to.enumerated() {
      var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == to[column - 1], from[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[to.count]
}
