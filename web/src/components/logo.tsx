import classes from './logo.module.css'

/** The mark: a light over the bay, on a screen with its stand. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f6c87" />
      <path d="M9.5 17.5a6.5 6.5 0 0 1 13 0z" fill="#ffc15e" />
      <path
        d="M5 19.6c1.9 0 1.9 1.5 3.7 1.5s1.8-1.5 3.6-1.5 1.9 1.5 3.7 1.5 1.9-1.5 3.7-1.5 1.8 1.5 3.6 1.5 1.8-1.5 3.7-1.5M11.5 26h9"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  )
}

export function Logo() {
  return (
    <span className={classes.logo}>
      <Mark size={30} />
      <span>Deskbay</span>
    </span>
  )
}
