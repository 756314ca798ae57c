/// What is counted and compared.
package protocol FiguresSource: Sendable {
}
