import { render, Text } from 'ink';

// The least that a full-screen program on Ink can be: what its first frame is measured against.
render(<Text>one line, drawn by Ink</Text>);
