<?php
/**
 * The buttons above the form's text, each with a dialog that writes a form-tag.
 */
class WPCF7_TagGenerator {

	private static $instance;

	private $panels = array();

	private function __construct() {}

	public static function get_instance() {
		return self::$instance ??= new self();
	}

	public function add( $id, $title, $callback, $options = '' ) {
		$options = wp_parse_args( $options, array( 'version' => '1' ) );
		if ( version_compare( $options['version'], '2', '<' ) ) {
			wp_trigger_error( __METHOD__, "Version 1 of tag generators is deprecated ({$id}).", E_USER_DEPRECATED );
		}
		if ( ! wpcf7_is_name( $id ) || ! is_callable( $callback ) ) {
			return false;
		}
		$content             = "tag-generator-panel-{$id}";
		$this->panels[ $id ] = compact( 'id', 'title', 'callback', 'content' ) + $options;
		return true;
	}

	public function print_buttons() {
		echo '<span id="tag-generator-list">';
		foreach ( $this->panels as $panel ) {
			printf(
				'<button type="button" class="button" data-taggen="open-dialog" data-target="%s" title="%s">%s</button> ',
				esc_attr( $panel['content'] ),
				esc_attr( "Form-tag Generator: {$panel['title']}" ),
				esc_html( $panel['title'] )
			);
		}
		echo '</span>';
	}

	public function print_panels( WPCF7_ContactForm $contact_form ) {
		foreach ( $this->panels as $panel ) {
			printf(
				'<dialog id="%s" class="tag-generator-dialog"><button class="close-button" data-taggen="close-dialog">Close</button>'
					. '<form method="dialog" class="tag-generator-panel" data-id="%s" data-version="%s">',
				esc_attr( $panel['content'] ),
				esc_attr( $panel['id'] ),
				esc_attr( $panel['version'] )
			);
			call_user_func( $panel['callback'], $contact_form, array_diff_key( $panel, array( 'callback' => 1 ) ) );
			echo '</form></dialog>';
		}
	}
}

/**
 * The parts that a dialog is made of. Elements with data-tag-part are read by js/admin.js.
 */
class WPCF7_TagGeneratorGenerator {

	private $key;

	public function __construct( $key ) {
		$this->key = $key;
	}

	public function ref( $suffix = '' ) {
		return trim( preg_replace( '/[^0-9a-z]+/', '-', strtolower( "{$this->key}-{$suffix}" ) ), '-' );
	}

	public function print( $part, $options = '' ) {
		if ( method_exists( $this, $part ) ) {
			$this->$part( wp_parse_args( $options, array() ) );
		}
	}

	private function field_type( $options ) {
		printf( '<fieldset><legend id="%1$s">Field type</legend><select data-tag-part="basetype" aria-labelledby="%1$s">', esc_attr( $this->ref( 'type-legend' ) ) );
		foreach ( $options['select_options'] ?? array() as $basetype => $title ) {
			printf( '<option value="%s">%s</option>', esc_attr( $basetype ), esc_html( $title ) );
		}
		echo '</select>';
		if ( ! empty( $options['with_required'] ) ) {
			echo '<label><input type="checkbox" data-tag-part="type-suffix" value="*" /> This is a required field.</label>';
		}
		if ( ! empty( $options['with_optional'] ) ) {
			echo '<label><input type="checkbox" data-tag-part="option" data-tag-option="optional" checked /> This checkbox is optional.</label>';
		}
		echo '</fieldset>';
	}

	private function field_name() {
		$this->text( 'Field name', array( 'data-tag-part' => 'name', 'pattern' => '[A-Za-z][A-Za-z0-9_\-]*' ) );
	}

	private function id_attr() {
		$this->text( 'ID attribute', array( 'data-tag-part' => 'option', 'data-tag-option' => 'id:' ) );
	}

	private function class_attr() {
		$this->text( 'Class attribute', array( 'data-tag-part' => 'option', 'data-tag-option' => 'class:' ) );
	}

	private function default_value( $options ) {
		$this->text( $options['title'] ?? 'Default value', array( 'data-tag-part' => empty( $options['use_content'] ) ? 'value' : 'content' ) );
	}

	private function insert_box_content() {
		echo '<div class="flex-container"><input type="text" class="code" readonly data-tag-part="tag" aria-label="The form-tag to be inserted" /> '
			. '<button type="button" class="button button-primary" data-taggen="insert-tag">Insert Tag</button></div>';
	}

	private function mail_tag_tip() {
		echo '<p class="mail-tag-tip">Mail-tag: <strong data-tag-part="mail-tag"></strong></p>';
	}

	private function text( $legend, $atts ) {
		$id = $this->ref( sanitize_key( $legend ) . '-legend' );
		printf(
			'<fieldset><legend id="%s">%s</legend><input %s /></fieldset>',
			esc_attr( $id ),
			esc_html( $legend ),
			wpcf7_format_atts( array( 'type' => 'text', 'aria-labelledby' => $id ) + $atts ) // phpcs:ignore WordPress.Security.EscapeOutput -- escapes each value.
		);
	}
}
