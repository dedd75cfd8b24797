'use client';

export interface ChipProps {
  text: string;
  onEdit: () => void;
  onRemove: () => void;
  /** −1 to the chip on the left, 1 to the right. */
  onMove: (step: 1 | -1) => void;
}

/** A condition that stands: Enter edits it, Delete removes it, arrow keys go along. */
export function Chip({ text, onEdit, onRemove, onMove }: ChipProps) {
  return (
    <li className="chip">
      <button
        type="button"
        data-chip=""
        aria-label={`${text}: edit`}
        aria-keyshortcuts="Enter Delete"
        onClick={onEdit}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey) return;
          if (event.key === 'ArrowLeft') onMove(-1);
          else if (event.key === 'ArrowRight') onMove(1);
          else if (event.key === 'Delete' || event.key === 'Backspace') onRemove();
          else return;
          event.preventDefault();
        }}
      >
        {text}
      </button>
      <button type="button" className="off" tabIndex={-1} aria-label={`Remove ${text}`} onClick={onRemove}>
        ✕
      </button>
    </li>
  );
}
