<?php
/**
 * One form-tag of a form: [type name option option:value "value"]content[/type].
 */
class WPCF7_FormTag implements ArrayAccess {

	public $type       = '';
	public $basetype   = '';
	public $raw_name   = '';
	public $name       = '';
	public $options    = array();
	public $raw_values = array();
	public $values     = array();
	public $pipes;
	public $labels     = array();
	public $attr       = '';
	public $content    = '';

	private const PATTERNS = array(
		'date'       => '\d{4}-\d{2}-\d{2}',
		'int'        => '\d+',
		'signed_int' => '-?\d+',
		'class'      => '[-\w]+',
		'id'         => '[-\w]+',
	);

	public function __construct( $tag = array() ) {
		foreach ( $tag as $key => $value ) {
			$this->offsetSet( $key, $value );
		}
	}

	public function is_required() {
		return str_ends_with( $this->type, '*' );
	}

	public function has_option( $option_name ) {
		foreach ( $this->options as $option ) {
			if ( 0 === strcasecmp( $option, $option_name ) || 0 === stripos( $option, $option_name . ':' ) ) {
				return true;
			}
		}
		return false;
	}

	public function get_option( $option_name, $pattern = '', $single = false ) {
		$pattern = self::PATTERNS[ $pattern ] ?? ( '' === $pattern ? '.+' : $pattern );
		$found   = array();
		foreach ( $this->options as $option ) {
			if ( preg_match( '/^' . preg_quote( $option_name, '/' ) . ':(' . $pattern . ')$/i', $option, $match ) ) {
				$found[] = $match[1];
			}
		}
		if ( ! $found ) {
			return false;
		}
		return $single ? $found[0] : $found;
	}

	public function get_id_option() {
		$id = $this->get_option( 'id', 'id', true );
		return $id && ! str_starts_with( $id, 'wpcf7' ) ? $id : false;
	}

	public function get_class_option( $default_classes = '' ) {
		$classes = is_array( $default_classes ) ? $default_classes : explode( ' ', $default_classes );
		$classes = array_merge( $classes, $this->get_option( 'class' ) ?: array() );
		$classes = array_filter( array_unique( array_map( 'sanitize_html_class', $classes ) ) );
		return $classes ? implode( ' ', $classes ) : false;
	}

	public function get_autocomplete_option() {
		return $this->get_option( 'autocomplete', '[-0-9a-z|]+', true );
	}

	public function get_default_option( $default_value = '' ) {
		$index = (int) $this->get_option( 'default', 'int', true );
		return $this->values[ $index - 1 ] ?? $default_value;
	}

	public function offsetExists( $offset ): bool {
		return property_exists( $this, $offset );
	}

	#[ReturnTypeWillChange]
	public function offsetGet( $offset ) {
		return $this->offsetExists( $offset ) ? $this->$offset : null;
	}

	public function offsetSet( $offset, $value ): void {
		if ( $this->offsetExists( $offset ) ) {
			$this->$offset = $value;
		}
	}

	public function offsetUnset( $offset ): void {}
}
