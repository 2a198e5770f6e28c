// Style sheets of the component library that only these pages need.
import '@mantine/core/styles/ColorSwatch.layer.css'
import '@mantine/core/styles/ScrollArea.layer.css'
import '@mantine/core/styles/FloatingIndicator.layer.css'
import '@mantine/core/styles/SegmentedControl.layer.css'
