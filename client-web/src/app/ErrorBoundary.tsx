import { Component, type ReactNode } from 'react';
import { strings } from '../lib/strings';
import { Button } from '../ui/primitives/Button';
import { Screen } from '../ui/status/Screen';

/** The last resort: says that it is our mistake, and offers to begin anew. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Screen title={strings.stopped.fatalTitle} text={strings.stopped.fatalText}>
        <Button kind="primary" onClick={() => location.reload()}>
          {strings.stopped.reload}
        </Button>
      </Screen>
    );
  }
}
