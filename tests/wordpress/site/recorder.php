<?php
/**
 * Plugin Name: Recorder for tests
 * Description: Writes down what Contact Form 7 tells a plugin during a submission, one line of JSON for each.
 */

$GLOBALS['recorded_hooks'] = array();

foreach ( array( 'wpcf7_validate', 'wpcf7_acceptance', 'wpcf7_spam', 'wpcf7_before_send_mail',
	'wpcf7_skip_mail', 'wpcf7_mail_sent', 'wpcf7_mail_failed', 'wpcf7_submit', 'wpcf7_feedback_response' ) as $hook ) {
	add_filter(
		$hook,
		static function ( $value ) use ( $hook ) {
			$GLOBALS['recorded_hooks'][] = $hook;
			return $value;
		}
	);
}

add_action(
	'wpcf7_submit',
	static function ( $form, $result ) {
		$submission = WPCF7_Submission::get_instance();
		$meta       = array();
		foreach ( array( 'timestamp', 'remote_ip', 'user_agent', 'url', 'unit_tag',
			'container_post_id', 'current_user_id', 'do_not_store' ) as $name ) {
			$meta[ $name ] = $submission->get_meta( $name );
		}
		$GLOBALS['recorded'] = array(
			'form'     => array(
				'id'     => $form->id(),
				'title'  => $form->title(),
				'locale' => $form->locale(),
				'demo'   => $form->in_demo_mode(),
				'tags'   => array_map( 
					static fn ( $tag ) => array( $tag->type, $tag->name, $tag->options, $tag->values, $tag->content ),
					$form->scan_form_tags()
				),
			),
			'status'   => $submission->get_status(),
			'result'   => $result,
			'posted'   => $submission->get_posted_data(),
			'consent'  => $submission->collect_consent(),
			'meta'     => $meta,
			'files'    => array_map(
				static fn ( $paths ) => array_map( static fn ( $path ) => array( basename( $path ), file_get_contents( $path ) ), $paths ),
				$submission->uploaded_files()
			),
			'paths'    => $submission->uploaded_files(),
		);
	},
	10,
	2
);

add_filter(
	'wpcf7_feedback_response',
	static function ( $response ) {
		$line = array( 'hooks' => $GLOBALS['recorded_hooks'] ) + $GLOBALS['recorded'];
		file_put_contents( WP_CONTENT_DIR . '/recorded.jsonl', wp_json_encode( $line ) . "\n", FILE_APPEND );
		return $response;
	},
	20
);
