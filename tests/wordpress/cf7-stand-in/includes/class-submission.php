<?php
/**
 * One submission of a form: it is made, and has run its whole course, when submit() asks for it.
 */
class WPCF7_Submission {

	private static $instance;

	private $contact_form;
	private $skip_mail;
	private $status         = 'init';
	private $response       = '';
	private $posted_data    = array();
	private $meta           = array();
	private $consent        = array();
	private $invalid_fields = array();
	private $uploaded_files = array();
	private $spam_log       = array();
	private $result_props   = array();
	private $hash           = '';

	public static function get_instance( $contact_form = null, $options = '' ) {
		if ( ! $contact_form ) {
			return self::$instance;
		}
		if ( self::$instance ) {
			return null; // One submission in a request.
		}
		$options        = wp_parse_args( $options, array( 'skip_mail' => false ) );
		self::$instance = new self( $contact_form, (bool) $options['skip_mail'] );
		self::$instance->proceed();
		return self::$instance;
	}

	public static function is_restful() {
		return wp_is_serving_rest_request();
	}

	private function __construct( WPCF7_ContactForm $contact_form, bool $skip_mail ) {
		$this->contact_form = $contact_form;
		$this->skip_mail    = $skip_mail;
	}

	/** Files last until the request ends. */
	public function __destruct() {
		foreach ( array_merge( array(), ...array_values( $this->uploaded_files ) ) as $path ) {
			unlink( $path );
			rmdir( dirname( $path ) );
		}
	}

	private function proceed() {
		$switched = switch_to_locale( $this->contact_form->locale() );
		$this->read_request();

		if ( ! $this->validate() ) {
			$this->end( 'validation_failed', 'validation_error' );
		} elseif ( ! apply_filters( 'wpcf7_acceptance', true, $this ) ) {
			$this->end( 'acceptance_missing', 'accept_terms' );
		} elseif ( $this->spam() ) {
			$this->end( 'spam', 'spam' );
		} elseif ( ! $this->take_files() ) {
			$this->end( 'validation_failed', 'validation_error' );
		} else {
			$this->deliver();
		}

		if ( $switched ) {
			restore_previous_locale();
		}
	}

	private function deliver() {
		$abort = false;
		do_action_ref_array( 'wpcf7_before_send_mail', array( $this->contact_form, &$abort, $this ) );
		if ( $abort ) {
			$this->status   = $this->is( 'init' ) ? 'aborted' : $this->status;
			$this->response = $this->response ?: 'Sending mail has been aborted.';
		} elseif ( apply_filters( 'wpcf7_skip_mail', $this->skip_mail, $this->contact_form ) || $this->mail() ) {
			$this->end( 'mail_sent', 'mail_sent_ok' );
			do_action( 'wpcf7_mail_sent', $this->contact_form );
		} else {
			$this->end( 'mail_failed', 'mail_sent_ng' );
			do_action( 'wpcf7_mail_failed', $this->contact_form );
		}
	}

	private function end( $status, $message ) {
		$this->set_status( $status );
		$this->set_response( $this->contact_form->message( $message ) );
	}

	private function mail() {
		$mail = $this->contact_form->prop( 'mail' );
		$body = preg_replace_callback(
			'/\[([-\w]+)\]/',
			fn ( $match ) => implode( ', ', (array) $this->get_posted_data( $match[1] ) ),
			$mail['body'] ?? ''
		);
		$to   = str_starts_with( $mail['recipient'] ?? '', '[' ) ? get_option( 'admin_email' ) : $mail['recipient'];
		return wp_mail( $to, $mail['subject'] ?? '', $body );
	}

	// phpcs:disable WordPress.Security -- a guest's post has no nonce; this is where it is read and cleaned.
	private function read_request() {
		$this->meta = array(
			'timestamp'         => time(),
			'remote_ip'         => apply_filters( 'wpcf7_remote_ip_addr', $_SERVER['REMOTE_ADDR'] ?? '' ),
			'remote_port'       => $_SERVER['REMOTE_PORT'] ?? '',
			'user_agent'        => substr( wp_unslash( $_SERVER['HTTP_USER_AGENT'] ?? '' ), 0, 254 ),
			'url'               => $this->request_url(),
			'unit_tag'          => wpcf7_sanitize_unit_tag( $_POST['_wpcf7_unit_tag'] ?? '' ),
			'container_post_id' => absint( $_POST['_wpcf7_container_post'] ?? 0 ),
			'current_user_id'   => get_current_user_id(),
			'do_not_store'      => $this->contact_form->is_true( 'do_not_store' ),
		);

		// Everything that was posted, fields of the form or not.
		$posted = array_filter( wp_unslash( $_POST ), static fn ( $key ) => ! str_starts_with( $key, '_' ), ARRAY_FILTER_USE_KEY );
		$posted = map_deep( $posted, static fn ( $value ) => trim( wp_kses_no_null( wp_check_invalid_utf8( (string) $value ) ) ) );
		foreach ( $this->contact_form->scan_form_tags( array( 'feature' => array( 'name-attr', '! not-for-mail' ) ) ) as $tag ) {
			$original = $posted[ $tag->name ] ?? '';
			$value    = $original;
			if ( wpcf7_form_tag_supports( $tag->type, 'selectable-values' ) ) {
				$value = '' === $value ? array() : (array) $value;
				$value = array_map( array( $tag->pipes, 'do_pipe' ), $value );
			}
			$posted[ $tag->name ] = apply_filters( "wpcf7_posted_data_{$tag->type}", $value, $original, $tag );
			if ( empty( $value ) && $tag->has_option( 'consent_for:storage' ) ) {
				$this->meta['do_not_store'] = true;
			}
		}
		$this->posted_data = apply_filters( 'wpcf7_posted_data', $posted );

		$half_hour  = ceil( time() / ( HOUR_IN_SECONDS / 2 ) );
		$this->hash = wp_hash( wp_json_encode( array( $half_hour, $this->meta['remote_ip'], $this->meta['unit_tag'], $this->posted_data ) ), 'wpcf7_submission' );
	}

	private function request_url() {
		$referer = wp_unslash( $_SERVER['HTTP_REFERER'] ?? '' );
		if ( self::is_restful() && str_starts_with( $referer, untrailingslashit( home_url() ) ) ) {
			return sanitize_url( $referer );
		}
		return home_url( sanitize_url( wp_unslash( $_SERVER['REQUEST_URI'] ?? '' ) ) );
	}

	/** Moves uploads into folders that nobody can guess; their posted value is the hash of the content. */
	private function take_files() {
		$result = new WPCF7_Validation();
		foreach ( $this->contact_form->scan_form_tags( array( 'feature' => 'file-uploading' ) ) as $tag ) {
			$file = $_FILES[ $tag->name ] ?? array( 'error' => UPLOAD_ERR_NO_FILE );
			if ( UPLOAD_ERR_NO_FILE === $file['error'] ) {
				if ( $tag->is_required() ) {
					$result->invalidate( $tag, wpcf7_get_message( 'invalid_required' ) );
				}
				continue;
			}
			$path = wp_upload_dir()['basedir'] . '/wpcf7_uploads/' . wp_generate_password( 10, false ) . '/' . sanitize_file_name( $file['name'] );
			wp_mkdir_p( dirname( $path ) );
			if ( ! move_uploaded_file( $file['tmp_name'], $path ) ) {
				$result->invalidate( $tag, wpcf7_get_message( 'upload_failed' ) );
				continue;
			}
			$this->uploaded_files[ $tag->name ] = array( $path );
			$this->posted_data[ $tag->name ]    = hash_file( 'sha256', $path );
		}
		$this->invalid_fields = $result->get_invalid_fields();
		return $result->is_valid();
	}
	// phpcs:enable

	private function validate() {
		$result = new WPCF7_Validation();
		$tags   = $this->contact_form->scan_form_tags( array( 'feature' => '! file-uploading' ) );
		foreach ( $tags as $tag ) {
			$result = apply_filters( "wpcf7_validate_{$tag->type}", $result, $tag );
		}
		$result               = apply_filters( 'wpcf7_validate', $result, $tags );
		$this->invalid_fields = $result->get_invalid_fields();
		return $result->is_valid();
	}

	private function spam() {
		$spam = strlen( $this->meta['user_agent'] ) < 2;
		if ( $spam ) {
			$this->add_spam_log( array( 'agent' => 'wpcf7', 'reason' => 'User-Agent string is unnaturally short.' ) );
		}
		return apply_filters( 'wpcf7_spam', $spam, $this );
	}

	public function add_spam_log( $data = '' ) {
		$this->spam_log[] = wp_parse_args( $data, array( 'agent' => '', 'reason' => '' ) );
	}

	public function get_spam_log() {
		return $this->spam_log;
	}

	public function get_status() {
		return $this->status;
	}

	public function set_status( $status ) {
		$valid = preg_match( '/^[a-z][0-9a-z_]+$/', $status );
		if ( $valid ) {
			$this->status = $status;
		}
		return (bool) $valid;
	}

	public function is( $status ) {
		return $this->status === $status;
	}

	public function get_response() {
		return $this->response;
	}

	public function set_response( $response ) {
		$this->response = $response;
		return true;
	}

	public function get_contact_form() {
		return $this->contact_form;
	}

	public function get_invalid_field( $name ) {
		return $this->invalid_fields[ $name ] ?? false;
	}

	public function get_invalid_fields() {
		return $this->invalid_fields;
	}

	public function get_meta( $name ) {
		return $this->meta[ $name ] ?? null;
	}

	public function get_posted_data( $name = '' ) {
		return '' === $name ? $this->posted_data : $this->posted_data[ $name ] ?? null;
	}

	public function get_posted_string( $name ) {
		$value = (array) $this->get_posted_data( $name );
		return trim( (string) reset( $value ) );
	}

	public function get_posted_data_hash() {
		return $this->hash;
	}

	public function add_consent( $name, $conditions ) {
		$this->consent[ $name ] = $conditions;
		return true;
	}

	public function collect_consent() {
		return $this->consent;
	}

	public function uploaded_files() {
		return $this->uploaded_files;
	}

	public function add_result_props( $data = '' ) {
		$data               = wp_parse_args( $data, array() );
		$this->result_props = array_merge( $this->result_props, $data );
		return $data;
	}

	public function get_result() {
		$unhashed = array( 'init', 'validation_failed', 'acceptance_missing', 'spam' );
		$result   = array(
			'status'           => $this->status,
			'message'          => $this->response,
			'posted_data_hash' => in_array( $this->status, $unhashed, true ) ? '' : $this->hash,
		) + $this->result_props;
		if ( $this->is( 'validation_failed' ) ) {
			$result['invalid_fields'] = $this->invalid_fields;
		}
		return apply_filters( 'wpcf7_submission_result', $result, $this );
	}
}
