import Model
import Testing

@testable import Evaluator

@Suite struct `First evaluations` {
  private let shop = Scope.project(tenant: "shop", project: "api")

  private func group(_ name: String) -> ResourceID { ResourceID(shop, .ruleGroup, name) }
  private func at(_ seconds: Int) -> Timestamp { .epoch + .seconds(seconds) }

  @Test func `of all that a change brought are told once`() {
    var first = FirstEvaluations()
    for name in ["a", "b"] { first.put(group(name), by: 1) }
    #expect(first.remaining(of: 1) == 2)
    #expect(first.standing(of: shop) == .init(waiting: 2))
    #expect(first.end(group("a"), at: at(1)) == [])
    #expect(first.end(group("a"), at: at(2)) == [])
    #expect(first.end(group("b"), at: at(3)) == [1])
    #expect(first.end(group("b"), at: at(4)) == [])
    #expect(first.standing(of: shop) == .init(waiting: 0, completedAt: at(3)))
    #expect(first.remaining(of: 1) == 0)
  }

  @Test func `of a group that was replaced before count for both changes`() {
    var first = FirstEvaluations()
    first.put(group("a"), by: 1)
    first.put(group("a"), by: 2)
    first.put(group("b"), by: 2)
    #expect(first.standing(of: shop).waiting == 2)
    #expect(first.end(group("a"), at: at(1)) == [1])
    #expect(first.end(group("b"), at: at(2)) == [2])
  }

  @Test func `without a number count for the scope alone`() {
    var first = FirstEvaluations()
    first.put(group("a"), by: nil)
    #expect(first.standing(of: shop).waiting == 1)
    #expect(first.standing(of: .platform) == .init())
    #expect(first.end(group("a"), at: at(1)) == [])
    #expect(first.standing(of: shop) == .init(waiting: 0, completedAt: at(1)))
  }
}
