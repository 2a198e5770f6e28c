export const idsOf = (all: { id: number }[]): number[] => all.map(({ id }) => id)
