import Link from 'next/link';
import { buttonClass } from '#components/ui/button.tsx';
import { MessagePage } from '#components/ui/message-page.tsx';

export default function NotFound() {
  return (
    <main>
      <MessagePage
        alone
        title="Nothing here"
        actions={
          <Link href="/" className={buttonClass({ variant: 'primary' })}>
            To the overview
          </Link>
        }
      >
        This address leads nowhere, or to something that you may not see. Check it for a slip, or start from the
        overview.
      </MessagePage>
    </main>
  );
}
