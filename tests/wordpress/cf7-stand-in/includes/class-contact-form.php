<?php
/**
 * A form: a post whose properties are post meta with an underscore in front.
 */
class WPCF7_ContactForm {

	const post_type = 'wpcf7_contact_form'; // phpcs:ignore Generic.NamingConventions.UpperCaseConstantName -- the contract's name.

	private static $current;
	private static $rendered = 0;

	private $id         = 0;
	private $title      = '';
	private $locale     = '';
	private $hash       = '';
	private $properties = array();
	private $unit_tag   = '';

	public static function get_current() {
		return self::$current;
	}

	public static function get_instance( $post ) {
		if ( ! $post instanceof self ) {
			$post = $post ? get_post( $post ) : null;
			$post = $post && self::post_type === $post->post_type ? new self( $post ) : null;
		}
		self::$current = $post;
		return self::$current;
	}

	public static function get_template( $options = '' ) {
		$options    = wp_parse_args( $options, array( 'locale' => null, 'title' => 'Untitled' ) );
		$new        = new self();
		$new->title = $options['title'];
		$new->set_locale( $options['locale'] ?? determine_locale() );
		$new->set_properties(
			array(
				'form'     => "<label> Your name [text* your-name] </label>\n<label> Your email [email* your-email] </label>\n[submit \"Submit\"]",
				'mail'     => array(
					'active'    => true,
					'recipient' => get_option( 'admin_email' ),
					'subject'   => get_bloginfo( 'name' ),
					'body'      => "[your-name] <[your-email]>\n\n[your-message]",
				),
				'messages' => array_map( static fn ( $message ) => $message['default'], wpcf7_messages() ),
			)
		);
		self::$current = apply_filters( 'wpcf7_contact_form_default_pack', $new, $options );
		return self::$current;
	}

	public static function find( $args = '' ) {
		$args  = wp_parse_args( $args, array( 'post_status' => 'any', 'posts_per_page' => -1, 'orderby' => 'ID', 'order' => 'ASC' ) );
		$posts = ( new WP_Query() )->query( array( 'post_type' => self::post_type ) + $args );
		return array_map( static fn ( $post ) => new self( $post ), $posts );
	}

	private function __construct( $post = null ) {
		if ( $post ) {
			$this->id     = $post->ID;
			$this->title  = $post->post_title;
			$this->locale = get_post_meta( $post->ID, '_locale', true );
			$this->hash   = get_post_meta( $post->ID, '_hash', true );
		}
		$properties = array( 'form' => '', 'mail' => array(), 'mail_2' => array(), 'messages' => array(), 'additional_settings' => '' );
		$properties = apply_filters( 'wpcf7_pre_construct_contact_form_properties', $properties, $this );
		foreach ( $properties as $name => $value ) {
			if ( $this->id && metadata_exists( 'post', $this->id, '_' . $name ) ) {
				$value = get_post_meta( $this->id, '_' . $name, true );
			}
			$properties[ $name ] = apply_filters( "wpcf7_contact_form_property_{$name}", $value, $this );
		}
		$this->properties = (array) apply_filters( 'wpcf7_contact_form_properties', $properties, $this );
		do_action( 'wpcf7_contact_form', $this );
	}

	public function initial() {
		return ! $this->id;
	}

	public function id() {
		return $this->id ?: null;
	}

	public function title() {
		return $this->title;
	}

	public function set_title( $title ) {
		$this->title = trim( wp_strip_all_tags( $title, true ) ) ?: 'Untitled';
	}

	public function locale() {
		return $this->locale;
	}

	public function set_locale( $locale ) {
		$this->locale = preg_match( '/^[a-z]{2,3}(_[A-Za-z0-9_]+)?$/', $locale ) ? $locale : 'en_US';
	}

	public function hash( $length = 7 ) {
		return substr( $this->hash, 0, $length );
	}

	public function unit_tag() {
		return $this->unit_tag;
	}

	/** A unit-tag for one more appearance on a page. */
	public function start_unit() {
		$page           = in_the_loop() ? '-p' . get_the_ID() : '';
		$this->unit_tag = sprintf( 'wpcf7-f%d%s-o%d', $this->id, $page, ++self::$rendered );
	}

	public function prop( $name ) {
		return $this->properties[ $name ] ?? null;
	}

	public function get_properties() {
		return $this->properties;
	}

	/** Only declared properties are kept: see wpcf7_pre_construct_contact_form_properties. */
	public function set_properties( $properties ) {
		$this->properties = array_intersect_key( (array) $properties, $this->properties ) + $this->properties;
	}

	public function scan_form_tags( $cond = null ) {
		$manager = WPCF7_FormTagsManager::get_instance();
		return $manager->filter( $manager->scan( $this->prop( 'form' ) ), $cond );
	}

	/** A line "name: value" of the additional settings. */
	public function pref( $name ) {
		$pattern = '/^' . preg_quote( $name, '/' ) . '[ \t]*:(.*)$/m';
		return preg_match( $pattern, (string) $this->prop( 'additional_settings' ), $match ) ? trim( $match[1] ) : null;
	}

	public function is_true( $name ) {
		return in_array( $this->pref( $name ), array( 'on', 'true', '1' ), true );
	}

	public function is_false( $name ) {
		return in_array( $this->pref( $name ), array( 'off', 'false', '0' ), true );
	}

	public function in_demo_mode() {
		return $this->is_true( 'demo_mode' );
	}

	public function message( $status, $filter = true ) {
		$message = $this->prop( 'messages' )[ $status ] ?? wpcf7_messages()[ $status ]['default'] ?? '';
		return $filter ? wp_strip_all_tags( apply_filters( 'wpcf7_display_message', $message, $status ) ) : $message;
	}

	public function is_posted() {
		$submission = WPCF7_Submission::get_instance();
		return $submission && $this->unit_tag && $this->unit_tag === $submission->get_meta( 'unit_tag' );
	}

	public function validation_error( $name ) {
		$field = $this->is_posted() ? WPCF7_Submission::get_instance()->get_invalid_field( $name ) : false;
		if ( ! $field ) {
			return '';
		}
		$error = sprintf( '<span class="wpcf7-not-valid-tip" aria-hidden="true">%s</span>', esc_html( $field['reason'] ) );
		return apply_filters( 'wpcf7_validation_error', $error, $name, $this );
	}

	public function submit( $options = '' ) {
		$options    = wp_parse_args( $options, array( 'skip_mail' => $this->in_demo_mode() || $this->is_true( 'skip_mail' ) ) );
		$submission = WPCF7_Submission::get_instance( $this, $options );
		$result     = array( 'contact_form_id' => $this->id() ) + $submission->get_result();
		if ( $this->in_demo_mode() ) {
			$result['demo_mode'] = true;
		}
		do_action( 'wpcf7_submit', $this, $result );
		return $result;
	}

	public function save() {
		$post    = array(
			'post_type'    => self::post_type,
			'post_status'  => 'publish',
			'post_title'   => wp_slash( $this->title ),
			'post_content' => wp_slash( (string) $this->prop( 'form' ) ),
		);
		$created = $this->initial();
		$id      = $created ? wp_insert_post( $post ) : wp_update_post( $post + array( 'ID' => $this->id ) );
		if ( ! $id ) {
			return 0;
		}
		foreach ( $this->properties as $name => $value ) {
			update_post_meta( $id, '_' . $name, wp_slash( $value ) );
		}
		update_post_meta( $id, '_locale', $this->locale );
		add_post_meta( $id, '_hash', hash( 'sha256', wp_generate_password( 32 ) ), true );
		$this->id   = $id;
		$this->hash = get_post_meta( $id, '_hash', true );
		do_action( $created ? 'wpcf7_after_create' : 'wpcf7_after_update', $this );
		do_action( 'wpcf7_after_save', $this );
		return $id;
	}

	public function delete() {
		return ! $this->initial() && wp_delete_post( $this->id, true );
	}

	public function form_html( $options = '' ) {
		return wpcf7_form_html( $this, wp_parse_args( $options, array() ) );
	}

	public function shortcode() {
		return sprintf( '[contact-form-7 id="%s" title="%s"]', $this->hash(), str_replace( array( '"', '[', ']' ), '', $this->title ) );
	}
}
