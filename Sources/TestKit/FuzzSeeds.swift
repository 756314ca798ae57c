import Glibc

/// The seeds of a fuzz test: as many as given, times `BELFRY_FUZZ_FACTOR` where that is set (`make fuzz`).
package func fuzzSeeds(_ usual: UInt64) -> Range<UInt64> {
  let factor = getenv("BELFRY_FUZZ_FACTOR").flatMap { UInt64(String(cString: $0)) } ?? 1
  return 0..<(usual * max(1, min(factor, 1_000_000)))
}
