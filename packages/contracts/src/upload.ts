export const UPLOAD_STATUSES = ['open', 'complete', 'aborted'] as const;
export type UploadStatus = (typeof UPLOAD_STATUSES)[number];
